/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SUM_F32_H
#define TK_SUM_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SUM over any dimensions, float32. Sums in y itself, in the order of x.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_sum_f32(const float *x, float *y, const tk_reduce *shape);

#ifdef __cplusplus
}
#endif

#endif
