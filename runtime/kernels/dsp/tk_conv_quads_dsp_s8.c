/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_quads_dsp_s8.h"

#include "tk_quads1_s8.h"
#include "tk_quads2_s8.h"
#include "tk_widen2_s8.h"
#include "tk_widen_s8.h"

void tk_conv_quads_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_quads *conv, uint32_t *restrict scratch)
{
    const tk_quads_kernels kernels = {tk_quads1_s8, tk_quads2_s8, 8};

    tk_conv_in_quads(x, y, conv, &kernels, scratch);
}
