/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SUMS1_S16_H
#define TK_SUMS1_S16_H

#include "tk_products_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel times all channels (tk_products_s16.h): the sums of pair after pair of channels; `back`, `floor` and `pitch` are not read,
 * and `weights` has no multipliers.
 *
 * Layout: x [4 * fours]; y [2 * pairs]. Ranges: all sums fit into 32 bits. Aliasing: none. Scratch: none. Exact: integer
 * arithmetic. */
void tk_sums1_s16(const int16_t *x, int32_t *y, const tk_products_s16 *products);

#ifdef __cplusplus
}
#endif

#endif
