/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_dsp_s8.h"

#include "tk_conv_rows_dsp_s8.h"

void tk_conv_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_layer *layer, uint32_t *restrict scratch)
{
    tk_conv_image(tk_conv_rows_dsp_s8, x, y, layer, scratch);
}
