/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PRELU_S8_H
#define TK_PRELU_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* PRELU with broadcasting, int8; x2 holds the slopes.
 *
 *     v = x1 + input_offset
 *     y = R(v, positive_multiplier, positive_shift) + output_offset, saturated, if v >= 0, else
 *     y = R(v * (x2 + slope_offset), negative_multiplier, negative_shift) + output_offset, saturated
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_prelu_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
                 const tk_prelu_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
