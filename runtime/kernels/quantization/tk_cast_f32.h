/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CAST_F32_H
#define TK_CAST_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CAST of float32: y[i] = x[i] without its fraction, within the limits of y_type, a tk_type; to bool, whether it is not 0. Of
 * NaN integers become 0, or with `nan_is_largest` the largest number.
 * Aliasing: y may be x if its elements are not wider. Scratch: none.
 * Exact: equals TensorFlow Lite Micro, and with nan_is_largest LiteRT. */
void tk_cast_f32(const float *x, void *y, int32_t n, int32_t y_type, int32_t nan_is_largest);

#ifdef __cplusplus
}
#endif

#endif
