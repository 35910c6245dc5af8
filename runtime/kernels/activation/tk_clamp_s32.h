/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CLAMP_S32_H
#define TK_CLAMP_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A fused activation of int32 results: y = min <= x <= max ? x : the nearer bound.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_clamp_s32(const int32_t *x, int32_t *y, int32_t n, int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
