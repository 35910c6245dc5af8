/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MUL_S16_H
#define TK_MUL_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* multiplier: 0 or 2^30 .. 2^31 - 1; shift: -31 .. 30, but beyond 0 the largest products wrap, as the reference's do.
 * -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t multiplier;
    int32_t shift;
    int32_t min;
    int32_t max;
} tk_mul_s16_params;

/* MUL with broadcasting, int16 with zero point 0: y = clamp(R(x1 * x2, multiplier, shift), min, max).
 *
 * R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mul_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                const tk_mul_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
