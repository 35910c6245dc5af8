/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PRODUCTS2_S16_H
#define TK_PRODUCTS2_S16_H

#include "tk_products_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels times all channels (tk_products_s16.h). For each channel c, with the multiplier m and the start s of its own,
 *
 *     y[c]         = SAT16(((s + sum of x1 * w) * m + 2^31) >> 32), cut at 0 if floor is -1
 *     y[pitch + c] = the same of x2
 *
 * Layout: x1, x2 [4 * fours]; y [channels], the last pair overlapping the one before it where their number is odd.
 * Ranges: all sums fit into 32 bits. At least two channels. Aliasing: none. Scratch: none. Exact: integer arithmetic. */
void tk_products2_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_products_s16 *products);

#ifdef __cplusplus
}
#endif

#endif
