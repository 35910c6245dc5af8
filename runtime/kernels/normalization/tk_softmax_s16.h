/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SOFTMAX_S16_H
#define TK_SOFTMAX_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SOFTMAX, int16 with zero point 0, over each of `rows` rows of `columns` elements; y in units of 2^-15.
 *
 *     e[c] = exp of tk_requantize(x[c] - max x, multiplier, shift), which counts 10/65535; 0 below -10
 *     y[c] = min(e[c] / sum e, 32767)
 *
 * Both functions are read from tables of 513 entries in Q0.15, by linear interpolation: exp over [-10, 0] and
 * 1 / (1 + v) over [0, 1].
 * Ranges: -31 <= shift <= 15, columns < 2^16.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. (CMSIS-NN's function of this kind is not called: it wraps where a
 * probability rounds to 1, to -1.) */
void tk_softmax_s16(const int16_t *x, int16_t *y, int32_t rows, int32_t columns, int32_t multiplier, int32_t shift,
                    const int16_t *exp_table, const int16_t *reciprocal_table);

#ifdef __cplusplus
}
#endif

#endif
