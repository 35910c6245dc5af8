/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GEMM_TOTALS_S8_H
#define TK_GEMM_TOTALS_S8_H

#include "tk_gemm_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The sum of each channel's weights, for two channels after two: what constants of tk_gemm_s8.h are made of that lie apart.
 * w: `words` words of bytes {c[k], d[k], c[k + 2], d[k + 2]} for each of `pairs` pairs; words and pairs are at least 1.
 * totals[i * apart] and totals[i * apart + 1]: those of pair i, two's complement. Aliasing: none. */
void tk_gemm_totals_s8(const uint32_t *w, int32_t words, int32_t pairs, uint32_t *totals, int32_t apart);

#ifdef __cplusplus
}
#endif

#endif
