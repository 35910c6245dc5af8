/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_MAX_F32_H
#define TK_REDUCE_MAX_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* REDUCE_MAX (sign 1) and REDUCE_MIN (sign -1) over any dimensions, float32: y = sign * the largest sign * x, at
 * least -limit before the sign. NaN is passed over.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro, with FLT_MAX as limit. */
void tk_reduce_max_f32(const float *x, float *y, const tk_reduce *shape, float sign, float limit);

#ifdef __cplusplus
}
#endif

#endif
