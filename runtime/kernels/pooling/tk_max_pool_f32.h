/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MAX_POOL_F32_H
#define TK_MAX_POOL_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAX_POOL_2D, float32: y = clamp(largest input element in the window). Every window holds at least one input pixel.
 * NaN is passed over, and a window of nothing else, or of -infinity, gives -FLT_MAX.
 * Layout: x and y NHWC. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_max_pool_f32(const float *x, float *y, const tk_conv_shape *shape, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
