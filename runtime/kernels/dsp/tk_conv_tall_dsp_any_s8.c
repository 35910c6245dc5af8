/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_tall_dsp_any_s8.h"

#include "tk_conv4_any_s8.h"

void tk_conv_tall_dsp_any_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_tall *layer, uint32_t *restrict scratch)
{
    static const tk_tall_kernels kernels = {tk_tall_weave_s8, tk_conv4_any_s8};

    tk_conv_tall_image(&kernels, x, y, layer, scratch);
}
