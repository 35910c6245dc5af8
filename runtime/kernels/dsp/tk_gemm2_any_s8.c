/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_gemm2_any_s8.h"

#if !TK_DSP_ASM

void tk_gemm2_any_s8(const uint32_t *restrict x, int8_t *restrict y, const tk_gemm_s8 *gemm)
{
    tk_gemm2_twin(x, y, gemm, tk_gemm_any_code, 4);
}

#endif
