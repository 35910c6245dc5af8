/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_gemm2_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm): see tk_gemm2_s8.h. */
#define TK_ANY 0
#define TK_APART 0
#define TK_NAME tk_gemm2_s8
#define TK_SECTION .text.tk_gemm2_s8
#include "tk_gemm2_body.h"
