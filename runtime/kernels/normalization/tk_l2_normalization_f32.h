/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_L2_NORMALIZATION_F32_H
#define TK_L2_NORMALIZATION_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* L2_NORMALIZATION over the last dimension, float32: y[r, c] = x[r, c] / max(sqrtf(sum of the squares of row r), 1e-6).
 * Layout: x and y [rows, cols], cols >= 1.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_l2_normalization_f32(const float *x, float *y, int32_t rows, int32_t cols);

#ifdef __cplusplus
}
#endif

#endif
