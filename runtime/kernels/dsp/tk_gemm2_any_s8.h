/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GEMM2_ANY_S8_H
#define TK_GEMM2_ANY_S8_H

#include "tk_gemm_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels times all channels, results of any sign (tk_gemm_s8.h), with the same weights as four: what is left of a row.
 * x: from tk_weave2_s8, 4 * depth bytes, aligned to 4. y[i * pitch + c], i = 0, 1; with two equal pixels the pitch may be 0.
 * Aliasing: none. */
void tk_gemm2_any_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);

#ifdef __cplusplus
}
#endif

#endif
