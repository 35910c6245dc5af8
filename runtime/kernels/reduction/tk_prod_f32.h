/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PROD_F32_H
#define TK_PROD_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* REDUCE_PROD over any dimensions, float32. Multiplies in y itself, in the order of x.
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_prod_f32(const float *x, float *y, const tk_reduce *shape);

#ifdef __cplusplus
}
#endif

#endif
