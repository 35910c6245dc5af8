/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MUL_EVEN_S8_H
#define TK_MUL_EVEN_S8_H

#include <stdint.h>

#include "tk_even.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MUL with broadcasting, int8, halves to even.
 *
 *     y = clamp(round((x1 + input1_offset) * (x2 + input2_offset) * multiplier1 * 2^-right + multiplier2) + output_offset)
 *
 * 0 <= multiplier1 < 2^31, 1 <= right <= 62.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 or x2 itself where that input is not stretched; no other overlap. Scratch: none. Exact. */
void tk_mul_even_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape, const tk_even_sum *params);

#ifdef __cplusplus
}
#endif

#endif
