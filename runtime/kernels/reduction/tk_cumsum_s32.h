/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CUMSUM_S32_H
#define TK_CUMSUM_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CUMSUM of int32 along the middle of x [outer, n, inner]: y[i] = x[0] + ... + x[i], or the sum before it
 * (exclusive), or summed from the end (reverse). Sums wrap.
 * Aliasing: y may be x. Scratch: none. Exact: equals LiteRT. */
void tk_cumsum_s32(const int32_t *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                   int32_t reverse);

#ifdef __cplusplus
}
#endif

#endif
