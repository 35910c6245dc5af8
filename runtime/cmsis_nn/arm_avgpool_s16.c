/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

static int32_t window_sum(const int16_t *input, int32_t rows, int32_t row_step, int32_t columns, int32_t column_step)
{
    int32_t sum = 0;
    int32_t row = 0;
    for (; rows > 0; rows--, row += row_step) {
        int32_t at = row;
        for (int32_t i = columns; i > 0; i--, at += column_step) {
            sum += input[at];
        }
    }
    return sum;
}

arm_cmsis_nn_status arm_avgpool_s16(const cmsis_nn_context *ctx,
                                   const cmsis_nn_pool_params *pool_params,
                                   const cmsis_nn_dims *input_dims,
                                   const int16_t *input_data,
                                   const cmsis_nn_dims *filter_dims,
                                   const cmsis_nn_dims *output_dims,
                                   int16_t *output_data)
{
    (void)ctx;
    const int32_t channels = input_dims->c;
    const int32_t row_step = input_dims->w * channels;
    for (int32_t n = 0; n < input_dims->n; n++, input_data += input_dims->h * row_step) {
        for (int32_t i = 0; i < output_dims->h * output_dims->w; i++) {
            const int32_t y = i / output_dims->w * pool_params->stride.h - pool_params->padding.h;
            const int32_t x = i % output_dims->w * pool_params->stride.w - pool_params->padding.w;
            const arm_nn_span rows = arm_nn_clip(y, 1, filter_dims->h, input_dims->h, 1);
            const arm_nn_span columns = arm_nn_clip(x, 1, filter_dims->w, input_dims->w, 1);
            const int16_t *window = input_data + rows.input * row_step + columns.input * channels;
            const int32_t count = rows.count * columns.count;
            if (count == 0) {
                return ARM_CMSIS_NN_ARG_ERROR;
            }
            for (int32_t c = 0; c < channels; c++) {
                const int32_t sum = window_sum(window + c, rows.count, row_step, columns.count, channels);
                const int32_t average = (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
                *output_data++ = (int16_t)arm_nn_clamp(average, pool_params->activation.min, pool_params->activation.max);
            }
        }
    }
    return input_dims->n < 1 ? ARM_CMSIS_NN_ARG_ERROR : ARM_CMSIS_NN_SUCCESS;
}
