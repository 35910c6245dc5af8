/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_AVG_POOL_ROW_S8_H
#define TK_MVE_AVG_POOL_ROW_S8_H

#include "tk_mve_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of AVERAGE_POOL_2D, int8, computed by tk_mve_average_s8.
 *
 * Layout: rows `count` pointers to the input rows that it sees and that are inside; y a row of the output.
 * Aliasing: none. Scratch: none. */
void tk_mve_avg_pool_row_s8(const int8_t *const *rows, int32_t count, int8_t *y, const tk_mve_pool *layer);

#ifdef __cplusplus
}
#endif

#endif
