/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_dsp_s8.h"

#include "tk_wino_rows_dsp_s8.h"

void tk_wino_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_wino_layer *layer, uint32_t *restrict scratch)
{
    tk_wino_image(tk_wino_rows_dsp_s8, x, y, layer, scratch);
}
