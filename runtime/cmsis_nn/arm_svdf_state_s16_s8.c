/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

/* The newest result of each filter, of which each keeps `memory`. */
static void features(const int8_t *input,
                     const int8_t *weights,
                     const cmsis_nn_svdf_params *params,
                     const cmsis_nn_per_tensor_quant_params *quant,
                     int32_t inputs,
                     int32_t filters,
                     int32_t memory,
                     int16_t *newest)
{
    const arm_nn_rows rows = {input, 1, 0, 0, 0};
    int32_t acc[ARM_NN_BLOCK];
    for (int32_t first = 0; first < filters; first += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(filters - first, ARM_NN_BLOCK);
        memset(acc, 0, sizeof acc);
        arm_nn_dot_s8(&rows, inputs, -params->input_offset, weights + first * inputs, 0, inputs, count, acc);
        for (int32_t i = 0; i < count; i++, newest += memory) {
            const int32_t y = arm_nn_requantize(acc[i], quant->multiplier, quant->shift);
            *newest = (int16_t)arm_nn_clamp(y, params->input_activation.min, params->input_activation.max);
        }
    }
}

/* Modulo 2^32, as sums beyond 32 bits come out on every core. */
static int32_t dot(const int16_t *x, const int16_t *w, int32_t length, int32_t start)
{
    uint32_t sum = (uint32_t)start;
    for (const int16_t *end = x + length; x != end;) {
        sum += (uint32_t)(*x++ * *w++);
    }
    return (int32_t)sum;
}

arm_cmsis_nn_status arm_svdf_state_s16_s8(const cmsis_nn_context *input_ctx,
                                          const cmsis_nn_context *output_ctx,
                                          const cmsis_nn_svdf_params *svdf_params,
                                          const cmsis_nn_per_tensor_quant_params *input_quant_params,
                                          const cmsis_nn_per_tensor_quant_params *output_quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *state_dims,
                                          int16_t *state_data,
                                          const cmsis_nn_dims *weights_feature_dims,
                                          const int8_t *weights_feature_data,
                                          const cmsis_nn_dims *weights_time_dims,
                                          const int16_t *weights_time_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data)
{
    (void)input_ctx;
    (void)output_ctx;
    (void)state_dims;
    (void)bias_dims;
    (void)output_dims;
    const int32_t filters = weights_feature_dims->n;
    const int32_t memory = weights_time_dims->h;
    const int32_t units = filters / svdf_params->rank;
    const int32_t unit_memory = svdf_params->rank * memory;

    memmove(state_data, state_data + 1, (size_t)(input_dims->n * filters * memory - 1) * sizeof *state_data);
    for (int32_t b = 0; b < input_dims->n; b++, input_data += input_dims->h) {
        const int16_t *weights = weights_time_data;
        features(input_data, weights_feature_data, svdf_params, input_quant_params, input_dims->h, filters, memory,
                 state_data + memory - 1);
        for (int32_t u = 0; u < units; u++, weights += unit_memory, state_data += unit_memory) {
            const int32_t sum = dot(state_data, weights, unit_memory, bias_data != NULL ? bias_data[u] : 0);
            const int32_t y = arm_nn_requantize(sum, output_quant_params->multiplier, output_quant_params->shift);
            *output_data++ = (int8_t)arm_nn_clamp(y + svdf_params->output_offset, svdf_params->output_activation.min,
                                                  svdf_params->output_activation.max);
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
