/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LEAKY_RELU_F32_H
#define TK_LEAKY_RELU_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LEAKY_RELU, float32: y = x > 0 ? x : x * alpha, for any alpha.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_leaky_relu_f32(const float *x, float *y, int32_t n, float alpha);

#ifdef __cplusplus
}
#endif

#endif
