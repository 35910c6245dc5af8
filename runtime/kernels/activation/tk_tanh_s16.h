/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TANH_S16_H
#define TK_TANH_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* TANH, int16 with zero point 0: y = tanh(x) in units of 2^-15.
 *
 * v = x * multiplier / 2^shift, to nearest, counts 1/12288; the function is read from a table by linear
 * interpolation. table[i], 256 entries: sigmoid(i / 24) - 1/2 in units of 2^-16. 0 <= multiplier < 2^15, 0 <= shift <= 31.
 * Layout: n elements. Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_tanh_s16(const int16_t *x, const int16_t *table, int16_t *y, int32_t n, int32_t multiplier, int32_t shift);

#ifdef __cplusplus
}
#endif

#endif
