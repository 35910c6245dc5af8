/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_convolve_s8(const cmsis_nn_context *ctx,
                                    const cmsis_nn_conv_params *conv_params,
                                    const cmsis_nn_per_channel_quant_params *quant_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const int8_t *filter_data,
                                    const cmsis_nn_dims *bias_dims,
                                    const int32_t *bias_data,
                                    const cmsis_nn_dims *upscale_dims,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data)
{
    (void)ctx;
    (void)bias_dims;
    const int32_t groups = filter_dims->c > 0 ? input_dims->c / filter_dims->c : 0;
    if (groups == 0 || input_dims->c % groups != 0 || output_dims->c % groups != 0) {
        return ARM_CMSIS_NN_ARG_ERROR;
    }
    const int32_t upscale_h = upscale_dims && upscale_dims->h == 2 ? 2 : 1;
    const int32_t upscale_w = upscale_dims && upscale_dims->w == 2 ? 2 : 1;
    const int32_t row_bytes = input_dims->w / upscale_w * input_dims->c;
    const int32_t filter_row_bytes = filter_dims->w * filter_dims->c;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias_data, quant_params, conv_params->output_offset, &conv_params->activation);

    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            const int32_t base = y * conv_params->stride.h - conv_params->padding.h;
            const arm_nn_span span =
                arm_nn_clip(base, conv_params->dilation.h, filter_dims->h, input_dims->h, upscale_h);
            const arm_nn_rows rows = {
                input_data + span.input * row_bytes, span.count, span.input_step * row_bytes, 0, 0};
            arm_nn_convolve_row_s8(&rows,
                                   conv_params,
                                   input_dims,
                                   filter_dims,
                                   output_dims,
                                   filter_data + span.tap * filter_row_bytes,
                                   span.tap_step * filter_row_bytes,
                                   upscale_w,
                                   &stage,
                                   output_data);
            output_data += output_dims->w * output_dims->c;
        }
        input_data += input_dims->h / upscale_h * row_bytes;
    }
    return ARM_CMSIS_NN_SUCCESS;
}
