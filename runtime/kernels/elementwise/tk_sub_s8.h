/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SUB_S8_H
#define TK_SUB_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SUB with broadcasting, int8 of any three scales.
 *
 *     a = R((x1 + input1_offset) * 2^20, input1_multiplier, input1_shift)
 *     b = R((x2 + input2_offset) * 2^20, input2_multiplier, input2_shift)
 *     y = clamp(R(a - b, output_multiplier, output_shift) + output_offset, min, max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_sub_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
               const tk_add_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
