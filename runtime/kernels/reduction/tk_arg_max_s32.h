/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ARG_MAX_S32_H
#define TK_ARG_MAX_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ARG_MAX and ARG_MIN of int32 along the middle of x [outer, n, inner]: the first index of the largest x ^ flip.
 * flip: 0 for the maximum, -1 for the minimum.
 * y is [outer, inner]. n >= 1. Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_arg_max_s32(const int32_t *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, int32_t flip);

#ifdef __cplusplus
}
#endif

#endif
