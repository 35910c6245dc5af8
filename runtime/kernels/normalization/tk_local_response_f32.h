/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOCAL_RESPONSE_F32_H
#define TK_LOCAL_RESPONSE_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LOCAL_RESPONSE_NORMALIZATION over the last dimension, float32:
 * y[r, c] = x[r, c] * powf(bias + alpha * (sum of x[r, k]^2 for c - radius <= k < c + radius, inside the row), -beta).
 * Layout: x and y [rows, cols], cols >= 1. radius: 0 to cols.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT's reference kernel, up to the C library's powf. */
void tk_local_response_f32(const float *x, float *y, int32_t rows, int32_t cols, int32_t radius, float bias, float alpha,
                           float beta);

#ifdef __cplusplus
}
#endif

#endif
