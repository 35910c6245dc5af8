/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REDUCE_WINDOW_F32_H
#define TK_REDUCE_WINDOW_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_reduce_window of floats. The largest of NaN and another is the later one, and so is the smallest.
 * Aliasing: none. Scratch: none. Exact where sums and products are rounded one by one: equals LiteRT. */
void tk_reduce_window_f32(const float *x, const float *initial, float *y, const tk_windows *shape, int32_t reduction);

#ifdef __cplusplus
}
#endif

#endif
