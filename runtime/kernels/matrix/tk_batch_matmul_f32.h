/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_F32_H
#define TK_BATCH_MATMUL_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BATCH_MATMUL, float32, with either operand transposed or repeated.
 *
 *     y[b, i, j] = clamp(sum over k of x[b, i, k] * w[b, k, j])
 *
 * Layout: x and w as tk_matmul_shape says; y [batches][rows][columns].
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_batch_matmul_f32(const float *x, const float *w, float *y, const tk_matmul_shape *shape, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
