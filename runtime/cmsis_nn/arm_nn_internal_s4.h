/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions with packed int4 weights share. Element 2i of a filter is the low half of byte i, element 2i + 1 the high
 * one; offsets and steps within filters count elements. Nothing here is part of the CMSIS-NN interface.
 */
#ifndef ARM_NN_INTERNAL_S4_H
#define ARM_NN_INTERNAL_S4_H

#include "arm_nn_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t arm_nn_low_s4(int8_t pair)
{
    return (int32_t)((uint32_t)pair << 28) >> 28;
}

static inline int32_t arm_nn_high_s4(int8_t pair)
{
    return pair >> 4;
}

/* Equally long pieces of the input, one in each row under a kernel window. */
typedef struct
{
    const int8_t *input;
    int32_t rows;
    int32_t row_step; /* bytes */
    int32_t length;
    int32_t input_offset;
    int32_t filter_row_step; /* from the weights of one row to those of the next */
} arm_nn_pieces;

/* acc[i] += sum over all pieces of (input + input_offset) * filter[first + i * step + ...] for i < channels. */
void arm_nn_dot_s4(
    const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t step, int32_t channels, int32_t *acc);

/* out[p][c] = stage(sum over k < depth of (input[p * pixel_step + k] + input_offset) * filter[c][k]) for p < pixels and
 * c < channels.
 */
void arm_nn_pointwise_row_s4(const int8_t *input,
                             int32_t pixel_step,
                             int32_t pixels,
                             int32_t depth,
                             int32_t channels,
                             int32_t input_offset,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int8_t *out);

/* The whole depthwise convolution. */
void arm_nn_depthwise_s4(const cmsis_nn_dw_conv_params *params,
                         const cmsis_nn_per_channel_quant_params *quant_params,
                         const cmsis_nn_dims *input_dims,
                         const int8_t *input,
                         const cmsis_nn_dims *filter_dims,
                         const int8_t *filter,
                         const int32_t *bias,
                         const cmsis_nn_dims *output_dims,
                         int8_t *out);

#ifdef __cplusplus
}
#endif

#endif
