/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GEMM4_ANY_S8_H
#define TK_GEMM4_ANY_S8_H

#include "tk_gemm_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Four pixels times all channels, results of any sign (tk_gemm_s8.h). x: from tk_weave4_s8, 6 * depth bytes, aligned to 4.
 * y[i * pitch + c], i = 0 .. 3. Aliasing: none. Exact under the conditions of tk_gemm_s8.h. */
void tk_gemm4_any_s8(const uint32_t *x, int8_t *y, const tk_gemm_s8 *gemm);

#ifdef __cplusplus
}
#endif

#endif
