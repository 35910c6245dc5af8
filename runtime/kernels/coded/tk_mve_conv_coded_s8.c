/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_conv_coded_s8.h"

#include "tk_mve_conv_s8.h"

void tk_mve_conv_coded_s8(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_conv_coded *layer, int32_t *tile,
                          uint16_t *lookup)
{
    tk_mve_conv_in_tiles(tk_mve_conv_s8, x, y, scratch, layer, tile, lookup);
}
