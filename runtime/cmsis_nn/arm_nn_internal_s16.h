/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions with int16 activations and int8 weights share: 64-bit sums and how they become int16.
 * Nothing here is part of the CMSIS-NN interface.
 */
#ifndef ARM_NN_INTERNAL_S16_H
#define ARM_NN_INTERNAL_S16_H

#include "arm_nn_internal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* x * multiplier * 2^(shift - 31), the multiplier rounded to 15 bits first, then rounded once, halves towards +infinity, as
 * TensorFlow Lite Micro does with 64-bit accumulators. 0 <= multiplier, -31 <= shift <= 7. |x| < 2^47; beyond that the
 * product wraps, as the reference's does.
 */
static inline int32_t arm_nn_requantize_s64(int64_t x, int32_t multiplier, int32_t shift)
{
    const int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + INT32_C(0x8000)) >> 16 : 0x7FFF;
    const int32_t right = 15 - shift;
    const uint64_t product = (uint64_t)x * (uint64_t)reduced + ((uint64_t)1 << (right - 1));
    return (int32_t)((int64_t)product >> right);
}

/* How sums become int16. Channel c uses multiplier[c * step] and shift[c * step], with step 0 or 1. */
typedef struct
{
    const void *bias; /* int64, or with is_int32 int32, one per channel; NULL: none */
    bool is_int32;    /* sums have 32 bits too, and are rescaled as in int8 layers */
    const int32_t *multiplier;
    const int32_t *shift;
    int32_t step;
    int32_t min;
    int32_t max;
} arm_nn_stage_s16;

/* out[i] = clamp(requantize(acc[i] + bias)) for channel first_channel + i, i < count. */
void arm_nn_output_s16(
    const int64_t *acc, int32_t count, int32_t first_channel, const arm_nn_stage_s16 *stage, int16_t *out);

/* acc[i] += sum over k < length of input[k] * filter[i * filter_step + k] for i < channels. */
void arm_nn_dot_s16(const int16_t *input,
                    int32_t length,
                    const int8_t *filter,
                    int32_t filter_step,
                    int32_t channels,
                    int64_t *acc);

#ifdef __cplusplus
}
#endif

#endif
