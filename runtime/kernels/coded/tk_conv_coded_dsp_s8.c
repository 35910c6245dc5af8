/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_coded_dsp_s8.h"

#include "tk_conv_rows_dsp_s8.h"

void tk_conv_coded_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_coded *conv, uint32_t *restrict scratch,
                          uint32_t *restrict tile, uint16_t *restrict lookup)
{
    tk_conv_in_tiles(tk_conv_rows_dsp_s8, 4, x, y, conv, scratch, tile, lookup);
}
