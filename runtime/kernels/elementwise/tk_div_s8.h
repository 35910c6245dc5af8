/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DIV_S8_H
#define TK_DIV_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point for the inputs, plus the zero point for the output.
 * multiplier: 0 or 2^30 .. 2^31 - 1; shift: -31 .. 23; -128 <= min <= max <= 127. */
typedef struct {
    int32_t input1_offset;
    int32_t input2_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_div_s8_params;

/* DIV with broadcasting, int8.
 *
 *     a = x1 + input1_offset, b = x2 + input2_offset, both negated if b < 0
 *     q = a * 2^headroom / b as 32 bits allow, by a reciprocal in fixed point
 *     y = clamp(R(q, multiplier, shift - what q is too large by) + output_offset, min, max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * A right shift of more than 31 bits gives 0; where b is 0, y is the bound on the side of a.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel where that is defined. */
void tk_div_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
               const tk_div_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
