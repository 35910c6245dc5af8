/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPARE_F32_H
#define TK_COMPARE_F32_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* EQUAL, LESS and the like with broadcasting, float32: y = whether what x1 is to x2 is one of `cases`, a sum out of TK_LESS (1),
 * TK_EQUAL (2), TK_GREATER (4) and TK_UNORDERED (8), which is said of NaN.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_compare_f32(const float *x1, const float *x2, bool *y, const tk_broadcast *shape, int32_t cases);

#ifdef __cplusplus
}
#endif

#endif
