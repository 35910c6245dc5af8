/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

static void keep_larger(int8_t *out, const int8_t *x, int32_t count)
{
    for (const int8_t *end = out + count; out != end; out++, x++) {
        if (*x > *out) {
            *out = *x;
        }
    }
}

static void limit(int8_t *out, int32_t max, int32_t count)
{
    for (const int8_t *end = out + count; out != end; out++) {
        *out = (int8_t)arm_nn_min(*out, max);
    }
}

arm_cmsis_nn_status arm_max_pool_s8(const cmsis_nn_context *ctx,
                                    const cmsis_nn_pool_params *pool_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data)
{
    (void)ctx;
    const int32_t channels = input_dims->c;
    const int32_t row_bytes = input_dims->w * channels;
    for (int32_t n = 0; n < input_dims->n; n++, input_data += input_dims->h * row_bytes) {
        for (int32_t i = 0; i < output_dims->h * output_dims->w; i++, output_data += channels) {
            const int32_t y = i / output_dims->w * pool_params->stride.h - pool_params->padding.h;
            const int32_t x = i % output_dims->w * pool_params->stride.w - pool_params->padding.w;
            const arm_nn_span rows = arm_nn_clip(y, 1, filter_dims->h, input_dims->h, 1);
            const arm_nn_span columns = arm_nn_clip(x, 1, filter_dims->w, input_dims->w, 1);
            const int8_t *window = input_data + rows.input * row_bytes + columns.input * channels;
            memset(output_data, (int)pool_params->activation.min, (size_t)channels);
            for (int32_t j = 0; j < rows.count; j++) {
                for (int32_t k = 0; k < columns.count; k++) {
                    keep_larger(output_data, window + j * row_bytes + k * channels, channels);
                }
            }
            limit(output_data, pool_params->activation.max, channels);
        }
    }
    return input_dims->n < 1 ? ARM_CMSIS_NN_ARG_ERROR : ARM_CMSIS_NN_SUCCESS;
}
