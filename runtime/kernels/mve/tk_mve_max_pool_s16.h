/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_MAX_POOL_S16_H
#define TK_MVE_MAX_POOL_S16_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAX_POOL_2D, int16: tk_mve_maximum_s16 for all rows of all images.
 *
 * Layout: x and y NHWC; layer counts bytes, channels, too. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_max_pool_s16(const int16_t *x, int16_t *y, const tk_mve_pool *layer);

#ifdef __cplusplus
}
#endif

#endif
