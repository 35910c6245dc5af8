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
 *     d    = max over the row - x[c]
 *     e[c] = round(exp[d / 16] * exp[16 + d % 16] * 2^-31)
 *     y[c] = clamp(round(e[c] / sum of e * multiplier * 2^(shift - 31)) + zero_point, -128, 127)
 *
 * The quotient is one of Q0.31, by a reciprocal of 32 bits.
 * Layout: x and y [rows, columns]; exp: exp(-d * x_scale) in Q1.31 for d = 0, 16, ... 240, and
 * for d = 0 to 15; both begin with 2^31.
 * Ranges: columns < 2^16. Aliasing: y may be x itself. Scratch: none. Exact. */
void tk_softmax_even_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, const uint32_t *exp, int32_t multiplier,
                        int32_t shift, int32_t zero_point);

#ifdef __cplusplus
}
#endif

#endif
