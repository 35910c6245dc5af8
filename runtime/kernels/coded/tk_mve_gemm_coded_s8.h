/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_GEMM_CODED_S8_H
#define TK_MVE_GEMM_CODED_S8_H

#include "tk_mve_coded.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_mve_gemm_s8 with coded weights. tile: scratch, the stream of `tile` channels, coded.size + 4 * coded.words bytes for
 * every four of them; lookup: scratch of the code, or NULL. Aliasing: none. Exact: as tk_mve_gemm_s8. */
void tk_mve_gemm_coded_s8(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm_coded *layer, int32_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
