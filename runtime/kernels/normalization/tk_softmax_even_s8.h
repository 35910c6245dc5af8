/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SOFTMAX_EVEN_S8_H
#define TK_SOFTMAX_EVEN_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SOFTMAX of rows of int8, codes of any scale, halves to even.
 *
 *     e[c] = exp[max over the row - x[c]]
 *     y[c] = clamp(round(e[c] / sum of e * multiplier * 2^(shift - 31)) + zero_point, -128, 127)
 *
 * The quotient is one of Q0.31, by a reciprocal of 32 bits; it is rounded as float32 would have it (tk_round_single).
 * Layout: x and y [rows, columns]; exp: 256 powers in Q1.31, the first 2^31.
 * Ranges: columns < 2^16. Aliasing: y may be x itself. Scratch: none. Exact. */
void tk_softmax_even_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, const uint32_t *exp, int32_t multiplier,
                        int32_t shift, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
