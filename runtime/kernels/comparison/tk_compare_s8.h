/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPARE_S8_H
#define TK_COMPARE_S8_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* EQUAL, LESS and the like with broadcasting, int8 of two scales: y = whether what a is to b is one of `cases`, a sum out of
 * TK_LESS (1), TK_EQUAL (2) and TK_GREATER (4), where
 *
 *     a = R((x1 + input1_offset) * 2^8, input1_multiplier, input1_shift)
 *     b = R((x2 + input2_offset) * 2^8, input2_multiplier, input2_shift)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_compare_s8(const int8_t *x1, const int8_t *x2, bool *y, const tk_broadcast *shape, int32_t cases,
                   const tk_compare_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
