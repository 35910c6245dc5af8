/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_dsp_any_s8.h"

#include "tk_gemm2_any_s8.h"
#include "tk_gemm4_any_s8.h"
#include "tk_widen2_s8.h"
#include "tk_widen4_s8.h"

void tk_conv_dsp_any_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                        const tk_conv_dsp_params *params, uint32_t *restrict scratch)
{
    static const tk_conv_kernels kernels = {tk_widen4_s8, tk_widen2_s8, tk_gemm4_any_s8, tk_gemm2_any_s8, 4};

    tk_conv_dsp(&kernels, x, y, shape, params, scratch);
}
