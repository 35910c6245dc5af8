/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CLAMP_S64_H
#define TK_CLAMP_S64_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A fused activation of int64 results: y = min <= x <= max ? x : the nearer bound.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_clamp_s64(const int64_t *x, int64_t *y, int32_t n, int64_t min, int64_t max);

#ifdef __cplusplus
}
#endif

#endif
