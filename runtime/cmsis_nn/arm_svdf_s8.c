/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

/* A filter forgets its oldest result and remembers the newest one: the sum of its results times their weights, modulo 2^32, as
 * sums beyond 32 bits come out on every core.
 */
static uint32_t remember(int8_t *state, const int8_t *weights, int32_t memory, int32_t newest)
{
    const int8_t *last = weights + memory - 1;
    uint32_t sum = (uint32_t)(newest * *last);
    while (weights != last) {
        const int32_t x = state[1];
        *state++ = (int8_t)x;
        sum += (uint32_t)(x * *weights++);
    }
    *state = (int8_t)newest;
    return sum;
}

arm_cmsis_nn_status arm_svdf_s8(const cmsis_nn_context *ctx,
                                const cmsis_nn_context *input_ctx,
                                const cmsis_nn_context *output_ctx,
                                const cmsis_nn_svdf_params *svdf_params,
                                const cmsis_nn_per_tensor_quant_params *input_quant_params,
                                const cmsis_nn_per_tensor_quant_params *output_quant_params,
                                const cmsis_nn_dims *input_dims,
                                const int8_t *input_data,
                                const cmsis_nn_dims *state_dims,
                                int8_t *state_data,
                                const cmsis_nn_dims *weights_feature_dims,
                                const int8_t *weights_feature_data,
                                const cmsis_nn_dims *weights_time_dims,
                                const int8_t *weights_time_data,
                                const cmsis_nn_dims *bias_dims,
                                const int32_t *bias_data,
                                const cmsis_nn_dims *output_dims,
                                int8_t *output_data)
{
    (void)ctx;
    (void)output_ctx;
    (void)state_dims;
    (void)bias_dims;
    (void)output_dims;
    const int32_t filters = weights_feature_dims->n;
    const int32_t memory = weights_time_dims->h;
    const int32_t units = filters / svdf_params->rank;
    int32_t *newest = (int32_t *)input_ctx->buf;
    if (newest == NULL) {
        return ARM_CMSIS_NN_ARG_ERROR;
    }

    for (int32_t b = 0; b < input_dims->n; b++, input_data += input_dims->h) {
        const int8_t *weights = weights_time_data;
        const int32_t *result = newest;
        arm_nn_svdf_features(input_data, weights_feature_data, svdf_params, input_quant_params, input_dims->h, filters, newest);
        for (int32_t u = 0; u < units; u++) {
            uint32_t sum = bias_data != NULL ? (uint32_t)bias_data[u] : 0;
            for (int32_t r = 0; r < svdf_params->rank; r++, weights += memory, state_data += memory) {
                sum += remember(state_data, weights, memory, *result++);
            }
            const int32_t y
                = arm_nn_requantize((int32_t)sum, output_quant_params->multiplier, output_quant_params->shift);
            *output_data++ = (int8_t)arm_nn_clamp(arm_nn_wrapping_add(y, svdf_params->output_offset),
                                                  svdf_params->output_activation.min,
                                                  svdf_params->output_activation.max);
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
