/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DOTS_S16_H
#define TK_DOTS_S16_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* depth >= 1, columns >= 1. From a sum of 64 bits to a code: multiplier below 2^31, what is added to the product, and by how much its
 * high word is shifted, 0..31. floor: -1 where negative results become 0, else 0. */
typedef struct {
    int32_t depth;
    int32_t columns;
    uint32_t multiplier;
    uint32_t low;
    uint32_t high;
    int32_t shift;
    int32_t floor;
} tk_dots_s16_params;

/* A row of int16 times columns of int16, which lie one after the other:
 *
 *     y[j] = SAT16(((sum over k < depth of x[k] * w[j * depth + k]) * multiplier + 2^32 * high + low) >> (32 + shift)), cut at 0 if
 *            floor is -1
 *
 * Layout: x [depth], w [columns][depth], aligned to 2; y [columns]. Ranges: what is shifted has 64 bits. Aliasing: none.
 * Scratch: none. Exact: integer arithmetic in 64 bits. */
void tk_dots_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_dots_s16_params *dots);

#ifdef __cplusplus
}
#endif

#endif
