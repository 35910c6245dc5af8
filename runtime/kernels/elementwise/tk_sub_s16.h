/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SUB_S16_H
#define TK_SUB_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SUB with broadcasting, int16 of any three scales. The formula is that of tk_sub_s8, with 2^15 in place of 2^20.
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_sub_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                const tk_add_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
