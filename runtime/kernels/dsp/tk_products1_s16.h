/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PRODUCTS1_S16_H
#define TK_PRODUCTS1_S16_H

#include "tk_products_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel times all channels (tk_products_s16.h): y as tk_products2_s16 has it of x1. Layout: x [4 * fours]; y [channels]. Ranges: all
 * sums fit into 32 bits. At least two channels. Aliasing: none. Scratch: none. Exact: integer arithmetic. */
void tk_products1_s16(const int16_t *x, int16_t *y, const tk_products_s16 *products);

#ifdef __cplusplus
}
#endif

#endif
