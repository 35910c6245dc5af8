/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SUMS2_S16_H
#define TK_SUMS2_S16_H

#include "tk_products_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels times all channels (tk_products_s16.h): of pair after pair of them the sums of x1 and x2 of the first channel, then of the
 * second; `back`, `floor` and `pitch` are not read, and `weights` has no multipliers.
 *
 * Layout: x1, x2 [4 * fours]; y [4 * pairs]. Ranges: all sums fit into 32 bits. Aliasing: none. Scratch: none. Exact: integer
 * arithmetic. */
void tk_sums2_s16(const int16_t *x1, const int16_t *x2, int32_t *y, const tk_products_s16 *products);

#ifdef __cplusplus
}
#endif

#endif
