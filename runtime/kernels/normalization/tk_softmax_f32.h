/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SOFTMAX_F32_H
#define TK_SOFTMAX_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SOFTMAX over the last dimension, float32: y[r, c] = e[c] / sum of e, e[c] = expf((x[r, c] - max of row r) * beta).
 * Layout: x and y [rows, cols], cols >= 1. A NaN or +infinity in a row makes the whole row NaN.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expf. */
void tk_softmax_f32(const float *x, float *y, int32_t rows, int32_t cols, float beta);

#ifdef __cplusplus
}
#endif

#endif
