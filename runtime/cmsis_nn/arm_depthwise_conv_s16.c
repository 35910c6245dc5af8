/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"
#include "arm_nnfunctions.h"

/* The part of a kernel window inside the image; steps lead from tap to tap and from row to row. */
typedef struct
{
    int32_t rows;
    int32_t columns;
    int32_t input_step;
    int32_t input_row_step;
    int32_t filter_step;
    int32_t filter_row_step;
} window_s16;

static int64_t window_sum(const window_s16 *window, const int16_t *input, const int8_t *filter)
{
    int64_t sum = 0;
    int32_t row = 0;
    int32_t filter_row = 0;
    for (int32_t j = window->rows; j > 0; j--) {
        int32_t x = row;
        int32_t w = filter_row;
        for (int32_t i = window->columns; i > 0; i--) {
            sum += (int32_t)input[x] * filter[w];
            x += window->input_step;
            w += window->filter_step;
        }
        row += window->input_row_step;
        filter_row += window->filter_row_step;
    }
    return sum;
}

/* All output channels of one pixel, block by block. */
static void pixel(const window_s16 *window,
                  const int16_t *input,
                  const int8_t *filter,
                  int32_t multiplier,
                  const arm_nn_stage_s16 *stage,
                  int32_t channels,
                  int16_t *out)
{
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        int64_t acc[ARM_NN_BLOCK];
        for (int32_t i = 0; i < count; i++) {
            acc[i] = window_sum(window, input + (c + i) / multiplier, filter + c + i);
        }
        arm_nn_output_s16(acc, count, c, stage, out + c);
    }
}

arm_cmsis_nn_status arm_depthwise_conv_s16(const cmsis_nn_context *ctx,
                                           const cmsis_nn_dw_conv_params *dw_conv_params,
                                           const cmsis_nn_per_channel_quant_params *quant_params,
                                           const cmsis_nn_dims *input_dims,
                                           const int16_t *input_data,
                                           const cmsis_nn_dims *filter_dims,
                                           const int8_t *filter_data,
                                           const cmsis_nn_dims *bias_dims,
                                           const int64_t *bias_data,
                                           const cmsis_nn_dims *output_dims,
                                           int16_t *output_data)
{
    (void)ctx;
    (void)bias_dims;
    const int32_t depth = input_dims->c;
    const int32_t channels = depth * dw_conv_params->ch_mult;
    const cmsis_nn_tile dilation = dw_conv_params->dilation;
    const arm_nn_stage_s16 stage = {bias_data,
                                    false,
                                    quant_params->multiplier,
                                    quant_params->shift,
                                    1,
                                    dw_conv_params->activation.min,
                                    dw_conv_params->activation.max};
    window_s16 window = {
        0, 0, dilation.w * depth, dilation.h * input_dims->w * depth, channels, filter_dims->w * channels};

    for (int32_t n = 0; n < input_dims->n; n++, input_data += input_dims->h * input_dims->w * depth) {
        for (int32_t i = 0; i < output_dims->h * output_dims->w; i++, output_data += channels) {
            const int32_t y = i / output_dims->w * dw_conv_params->stride.h - dw_conv_params->padding.h;
            const int32_t x = i % output_dims->w * dw_conv_params->stride.w - dw_conv_params->padding.w;
            const arm_nn_span rows = arm_nn_clip(y, dilation.h, filter_dims->h, input_dims->h, 1);
            const arm_nn_span columns = arm_nn_clip(x, dilation.w, filter_dims->w, input_dims->w, 1);
            window.rows = rows.count;
            window.columns = columns.count;
            const int16_t *input = input_data + (rows.input * input_dims->w + columns.input) * depth;
            const int8_t *filter = filter_data + (rows.tap * filter_dims->w + columns.tap) * channels;
            pixel(&window, input, filter, dw_conv_params->ch_mult, &stage, channels, output_data);
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
