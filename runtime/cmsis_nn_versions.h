/*
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls written for CMSIS-NN 7 with older versions of the library: whoever includes this defines TINYCC_CMSIS_NN_VERSION, the
 * first number of the version that is linked. What changed:
 * arm_svdf_s8 has a context for kernel sums since 5, arm_convolve_s16 takes its bias in a struct since 6, arm_convolve_s8
 * has an `upscale_dims` since 7.
 */
#ifndef TINYCC_CMSIS_NN_VERSIONS_H
#define TINYCC_CMSIS_NN_VERSIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "arm_nnfunctions.h"

#if TINYCC_CMSIS_NN_VERSION < 5
static inline arm_cmsis_nn_status
tinycc_svdf_s8(const cmsis_nn_context *context, const cmsis_nn_context *input_context,
               const cmsis_nn_context *output_context, const cmsis_nn_svdf_params *params,
               const cmsis_nn_per_tensor_quant_params *input_quant, const cmsis_nn_per_tensor_quant_params *output_quant,
               const cmsis_nn_dims *input_dims, const int8_t *input, const cmsis_nn_dims *state_dims, int8_t *state,
               const cmsis_nn_dims *feature_dims, const int8_t *feature, const cmsis_nn_dims *time_dims, const int8_t *time,
               const cmsis_nn_dims *bias_dims, const int32_t *bias, const cmsis_nn_dims *output_dims, int8_t *output)
{
    (void)context;
    return arm_svdf_s8(input_context, output_context, params, input_quant, output_quant, input_dims, input, state_dims, state,
                       feature_dims, feature, time_dims, time, bias_dims, bias, output_dims, output);
}
#define arm_svdf_s8 tinycc_svdf_s8
#endif

#if TINYCC_CMSIS_NN_VERSION < 6
typedef struct {
    const void *data;
    bool is_int32_bias;
} cmsis_nn_bias_data;

static inline arm_cmsis_nn_status tinycc_convolve_s16(const cmsis_nn_context *context, const cmsis_nn_conv_params *params,
                                                      const cmsis_nn_per_channel_quant_params *quant,
                                                      const cmsis_nn_dims *input_dims, const int16_t *input,
                                                      const cmsis_nn_dims *weight_dims, const int8_t *weights,
                                                      const cmsis_nn_dims *bias_dims, const cmsis_nn_bias_data *bias,
                                                      const cmsis_nn_dims *output_dims, int16_t *output)
{
    if (bias->data != NULL && bias->is_int32_bias) {
        return ARM_CMSIS_NN_ARG_ERROR;
    }
    return arm_convolve_s16(context, params, quant, input_dims, input, weight_dims, weights, bias_dims,
                            (const int64_t *)bias->data, output_dims, output);
}
#define arm_convolve_s16 tinycc_convolve_s16
#endif

#if TINYCC_CMSIS_NN_VERSION < 7
static inline arm_cmsis_nn_status tinycc_convolve_s8(const cmsis_nn_context *context, const cmsis_nn_conv_params *params,
                                                     const cmsis_nn_per_channel_quant_params *quant,
                                                     const cmsis_nn_dims *input_dims, const int8_t *input,
                                                     const cmsis_nn_dims *weight_dims, const int8_t *weights,
                                                     const cmsis_nn_dims *bias_dims, const int32_t *bias,
                                                     const cmsis_nn_dims *upscale_dims, const cmsis_nn_dims *output_dims,
                                                     int8_t *output)
{
    if (upscale_dims != NULL) { /* transposed convolutions */
        return ARM_CMSIS_NN_ARG_ERROR;
    }
    return arm_convolve_s8(context, params, quant, input_dims, input, weight_dims, weights, bias_dims, bias, output_dims,
                           output);
}
#define arm_convolve_s8 tinycc_convolve_s8
#endif

#endif
