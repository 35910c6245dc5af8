/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_AVG_POOL_LINE_S8_H
#define TK_MVE_AVG_POOL_LINE_S8_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D, int8, with halves to even or a change of scale: the windows of all rows of all images, each covering as many
 * inputs as all others, by tk_mve_average_line_s8.
 *
 * Layout: x and y NHWC. Aliasing: none. Scratch: none. Exact. */
void tk_mve_avg_pool_line_s8(const int8_t *x, int8_t *y, const tk_mve_pool *layer, const tk_mve_line *line);

#ifdef __cplusplus
}
#endif

#endif
