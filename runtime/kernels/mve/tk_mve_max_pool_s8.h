/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_MAX_POOL_S8_H
#define TK_MVE_MAX_POOL_S8_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAX_POOL_2D, int8: tk_mve_max_pool_row_s8 for all rows of all images.
 *
 * Layout: x and y NHWC. Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_max_pool_s8(const int8_t *x, int8_t *y, const tk_mve_pool *layer);

#ifdef __cplusplus
}
#endif

#endif
