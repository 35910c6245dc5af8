/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SOFTMAX_S8_H
#define TK_SOFTMAX_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SOFTMAX of int8 over each of `rows` rows of `columns` elements; y in units of 1/256, from -128 on.
 *
 *     e[c] = exp of (x[c] - max x) * multiplier * 2^(shift - 31) in Q5.26, in fixed point; 0 for differences below diff_min
 *     y[c] = min(256 * e[c] / sum e - 128, 127)
 *
 * For rows that arm_softmax_s8 does not define: the sum may reach 512, where every quotient rounds to 0.
 * Ranges: 0 <= multiplier, 0 <= shift <= 30, -255 * 2^shift fits into int32 or is below diff_min; diff_min <= 0;
 * 0 < columns < 4096.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel where that has an answer (sums below 512). */
void tk_softmax_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, int32_t multiplier, int32_t shift,
                   int32_t diff_min);

#ifdef __cplusplus
}
#endif

#endif
