/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"
#include "arm_nnfunctions.h"

/* All output channels of one pixel: `runs` sets of pieces, input_step apart in the image and filter_step in the filter. */
static void convolve_pixel(const arm_nn_pieces *pieces,
                           int32_t runs,
                           int32_t input_step,
                           int32_t filter_step,
                           const int8_t *filter,
                           int32_t first,
                           int32_t taps,
                           int32_t channels,
                           const arm_nn_output_stage *stage,
                           int8_t *out)
{
    int32_t acc[ARM_NN_BLOCK];
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        for (int32_t i = 0; i < count; i++) {
            acc[i] = 0;
        }
        arm_nn_pieces run = *pieces;
        for (int32_t i = 0; i < runs; i++) {
            run.input = pieces->input + i * input_step;
            arm_nn_dot_s4(&run, filter, first + i * filter_step + c * taps, taps, count, acc);
        }
        arm_nn_output_s8(acc, count, c, stage, out + c);
    }
}

/* One output row; `pieces` begin at the first pixels of the rows under the kernel. */
static void convolve_row(arm_nn_pieces pieces,
                         const cmsis_nn_conv_params *params,
                         const cmsis_nn_dims *input_dims,
                         const cmsis_nn_dims *filter_dims,
                         const cmsis_nn_dims *output_dims,
                         const int8_t *filter,
                         int32_t first,
                         const arm_nn_output_stage *stage,
                         int8_t *out)
{
    const int32_t depth = input_dims->c;
    const int32_t taps = filter_dims->h * filter_dims->w * depth;
    const int8_t *row = pieces.input;
    for (int32_t x = 0; x < output_dims->w; x++) {
        const arm_nn_span span = arm_nn_clip(
            x * params->stride.w - params->padding.w, params->dilation.w, filter_dims->w, input_dims->w, 1);
        /* Without dilation, neighbouring pixels lie side by side, and so do their weights. */
        const int32_t joined = params->dilation.w == 1 ? span.count : 1;
        pieces.input = row + span.input * depth;
        pieces.length = joined * depth;
        convolve_pixel(&pieces,
                       params->dilation.w == 1 ? 1 : span.count,
                       span.input_step * depth,
                       span.tap_step * depth,
                       filter,
                       first + span.tap * depth,
                       taps,
                       output_dims->c,
                       stage,
                       out);
        out += output_dims->c;
    }
}

arm_cmsis_nn_status arm_convolve_s4(const cmsis_nn_context *ctx,
                                    const cmsis_nn_conv_params *conv_params,
                                    const cmsis_nn_per_channel_quant_params *quant_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const int8_t *filter_data,
                                    const cmsis_nn_dims *bias_dims,
                                    const int32_t *bias_data,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data)
{
    (void)ctx;
    (void)bias_dims;
    const int32_t row_bytes = input_dims->w * input_dims->c;
    const int32_t filter_row = filter_dims->w * input_dims->c;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias_data, quant_params, conv_params->output_offset, &conv_params->activation);

    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            const int32_t base = y * conv_params->stride.h - conv_params->padding.h;
            const arm_nn_span span = arm_nn_clip(base, conv_params->dilation.h, filter_dims->h, input_dims->h, 1);
            const arm_nn_pieces pieces = {input_data + span.input * row_bytes,
                                          span.count,
                                          span.input_step * row_bytes,
                                          0,
                                          conv_params->input_offset,
                                          span.tap_step * filter_row};
            convolve_row(pieces,
                         conv_params,
                         input_dims,
                         filter_dims,
                         output_dims,
                         filter_data,
                         span.tap * filter_row,
                         &stage,
                         output_data);
            output_data += output_dims->w * output_dims->c;
        }
        input_data += input_dims->h * row_bytes;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
