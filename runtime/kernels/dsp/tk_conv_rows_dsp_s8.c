/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_rows_dsp_s8.h"

#include "tk_conv4_s8.h"
#include "tk_gemm2_s8.h"
#include "tk_weave2_s8.h"

void tk_conv_rows_dsp_s8(const int8_t *const *rows, int8_t *restrict y, int32_t lines, const tk_conv_layer *layer,
                         uint32_t *restrict scratch)
{
    static const tk_conv_kernels kernels = {tk_conv4_s8, tk_weave2_s8, tk_gemm2_s8};

    tk_conv_strip(&kernels, rows, y, lines, layer, scratch, 0, 0);
}
