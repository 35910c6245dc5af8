/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv4_apart_any_s8.h"

#if !TK_DSP_ASM

void tk_conv4_apart_any_s8(const int8_t *const *rows, int32_t first, int8_t *restrict y, const tk_conv4 *run)
{
    tk_conv4_twin(rows, first, y, run, tk_gemm_any_code, 4);
}

#endif
