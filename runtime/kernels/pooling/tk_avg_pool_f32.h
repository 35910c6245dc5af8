/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_F32_H
#define TK_AVG_POOL_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D, float32: y = clamp(sum of the input elements in the window / how many these are).
 * Padding counts neither in the sum nor in the number. Every window holds at least one input pixel.
 * Layout: x and y NHWC. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_avg_pool_f32(const float *x, float *y, const tk_conv_shape *shape, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
