/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESCALE_S32_S8_H
#define TK_RESCALE_S32_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* multiplier: 0 or 2^30 .. 2^31 - 1; shift: -31 .. 0; |x| * 2^left_shift < 2^31. */
typedef struct {
    int32_t left_shift;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
} tk_rescale_s32_s8_params;

/* Sums of int8 elements to int8: y = R(x * 2^left_shift, multiplier, shift) + output_offset, saturated,
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_rescale_s32_s8(const int32_t *x, int8_t *y, int32_t n, const tk_rescale_s32_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
