/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOG_SOFTMAX_F32_H
#define TK_LOG_SOFTMAX_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LOG_SOFTMAX over the last dimension, float32: y[r, c] = d[c] - logf(sum of expf(d)), d[c] = x[r, c] - max of row r.
 * Layout: x and y [rows, cols], cols >= 1.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expf and logf. */
void tk_log_softmax_f32(const float *x, float *y, int32_t rows, int32_t cols);

#ifdef __cplusplus
}
#endif

#endif
