/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_dsp_s8.h"

#include "tk_depthwise_rows_dsp_s8.h"

void tk_depthwise_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise_layer *layer,
                         uint32_t *restrict scratch)
{
    tk_depthwise_image(tk_depthwise_rows_dsp_s8, x, y, layer, scratch);
}
