/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GEMM2_APART_S8_H
#define TK_GEMM2_APART_S8_H

#include "tk_gemm_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_gemm2_s8, whose constants lie apart from the weights (tk_gemm_s8.h). */
void tk_gemm2_apart_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);

#ifdef __cplusplus
}
#endif

#endif
