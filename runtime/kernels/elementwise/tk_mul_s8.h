/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MUL_S8_H
#define TK_MUL_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point for the inputs, plus the zero point for the output.
 * multiplier: 0 or 2^30 .. 2^31 - 1; shift: -31 .. 14 (the product has up to 17 bits); -128 <= min <= max <= 127. */
typedef struct {
    int32_t input1_offset;
    int32_t input2_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_mul_s8_params;

/* MUL with broadcasting, int8.
 *
 *     y = clamp(R((x1 + input1_offset) * (x2 + input2_offset), multiplier, shift) + output_offset, min, max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mul_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
               const tk_mul_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
