/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOG_SOFTMAX_S8_H
#define TK_LOG_SOFTMAX_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* multiplier * 2^(shift - 31): the input's scale in Q5.26, shift 1 .. 30. reverse_multiplier, reverse_shift: its reciprocal.
 * diff_min: the lowest difference of codes that fits Q5.26 by this scale; below it exp counts as 0. */
typedef struct {
    int32_t multiplier;
    int32_t diff_min;
    int32_t reverse_multiplier;
    int8_t shift;
    int8_t reverse_shift;
} tk_log_softmax_s8_params;

/* LOG_SOFTMAX over the last dimension, int8; y in units of 1/16 with zero point 127.
 *
 *     d[c] = x[r, c] - max of row r
 *     log_sum = log of the sum of exp(R(d[c], multiplier, shift)) over all d[c] >= diff_min, in Q5.26 (tk_log)
 *     y[r, c] = (R(d[c], multiplier, shift) - log_sum) / 2^22 + 127, saturated; -128 where that would leave Q5.26
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Layout: x and y [rows, cols], 1 <= cols <= 4095.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_log_softmax_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t cols,
                       const tk_log_softmax_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
