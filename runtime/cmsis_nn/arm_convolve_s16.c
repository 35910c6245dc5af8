/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"
#include "arm_nnfunctions.h"

/* The part of a kernel window inside the image: `runs` contiguous pieces in each of its rows. */
typedef struct
{
    const int16_t *input;
    const int8_t *filter;
    int32_t rows;
    int32_t input_row_step;
    int32_t filter_row_step;
    int32_t runs;
    int32_t input_run_step;
    int32_t filter_run_step;
    int32_t run_length;
} window_s16;

/* All output channels of one pixel, block by block. */
static void pixel(const window_s16 *window,
                  int32_t filter_step,
                  const arm_nn_stage_s16 *stage,
                  int32_t channels,
                  int16_t *out)
{
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        int64_t acc[ARM_NN_BLOCK] = {0};
        for (int32_t j = 0; j < window->rows; j++) {
            int32_t x = j * window->input_row_step;
            int32_t w = c * filter_step + j * window->filter_row_step;
            for (int32_t i = 0; i < window->runs; i++) {
                arm_nn_dot_s16(window->input + x, window->run_length, window->filter + w, filter_step, count, acc);
                x += window->input_run_step;
                w += window->filter_run_step;
            }
        }
        arm_nn_output_s16(acc, count, c, stage, out + c);
    }
}

static window_s16 clip_window(const cmsis_nn_conv_params *params,
                              const cmsis_nn_dims *input_dims,
                              const int16_t *input,
                              const cmsis_nn_dims *filter_dims,
                              const int8_t *filter,
                              int32_t out_y,
                              int32_t out_x)
{
    const int32_t depth = input_dims->c;
    const int32_t y = out_y * params->stride.h - params->padding.h;
    const int32_t x = out_x * params->stride.w - params->padding.w;
    const arm_nn_span rows = arm_nn_clip(y, params->dilation.h, filter_dims->h, input_dims->h, 1);
    const arm_nn_span columns = arm_nn_clip(x, params->dilation.w, filter_dims->w, input_dims->w, 1);
    window_s16 window = {input + (rows.input * input_dims->w + columns.input) * depth,
                         filter + (rows.tap * filter_dims->w + columns.tap) * depth,
                         rows.count,
                         params->dilation.h * input_dims->w * depth,
                         filter_dims->w * depth,
                         columns.count,
                         params->dilation.w * depth,
                         depth,
                         depth};
    if (params->dilation.w == 1) { /* neighbouring pixels lie side by side, and so do their weights */
        window.runs = 1;
        window.run_length = columns.count * depth;
    }
    return window;
}

arm_cmsis_nn_status arm_convolve_s16(const cmsis_nn_context *ctx,
                                     const cmsis_nn_conv_params *conv_params,
                                     const cmsis_nn_per_channel_quant_params *quant_params,
                                     const cmsis_nn_dims *input_dims,
                                     const int16_t *input_data,
                                     const cmsis_nn_dims *filter_dims,
                                     const int8_t *filter_data,
                                     const cmsis_nn_dims *bias_dims,
                                     const cmsis_nn_bias_data *bias_data,
                                     const cmsis_nn_dims *output_dims,
                                     int16_t *output_data)
{
    (void)ctx;
    (void)bias_dims;
    const int32_t channels = output_dims->c;
    const int32_t filter_step = filter_dims->h * filter_dims->w * input_dims->c;
    const arm_nn_stage_s16 stage = {bias_data->data,
                                    bias_data->is_int32_bias,
                                    quant_params->multiplier,
                                    quant_params->shift,
                                    1,
                                    conv_params->activation.min,
                                    conv_params->activation.max};
    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            for (int32_t x = 0; x < output_dims->w; x++) {
                const window_s16 window =
                    clip_window(conv_params, input_dims, input_data, filter_dims, filter_data, y, x);
                pixel(&window, filter_step, &stage, channels, output_data);
                output_data += channels;
            }
        }
        input_data += input_dims->h * input_dims->w * input_dims->c;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
