/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SQUARED_DIFFERENCE_S16_H
#define TK_SQUARED_DIFFERENCE_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SQUARED_DIFFERENCE with broadcasting, int16 with zero point 0, of any three scales.
 *
 *     y = clamp(R((R(x1, input1_multiplier, input1_shift) - R(x2, input2_multiplier, input2_shift))^2,
 *                 output_multiplier, output_shift), min, max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * The offsets are not looked at. input*_shift <= -1 or the multiplier 2^30 at most, so that the difference fits 16 bits; output_shift may be up to 30, and
 * what then leaves 32 bits wraps.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_squared_difference_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                               const tk_add_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
