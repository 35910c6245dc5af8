/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_depthwise_row_lines_s8.h"

#include "tk_mve_lines_s8.h"
#include "tk_mve_planes_s8.h"

void tk_mve_depthwise_row_lines_s8(const int8_t *const *rows, int8_t *y, int8_t *planes, const tk_mve_depthwise_lines *layer)
{
    for (int32_t c = 0; c < layer->channels; c += TK_MVE_LINES) {
        const int32_t rest = layer->channels - c;
        const int32_t count = rest < TK_MVE_LINES ? rest : TK_MVE_LINES;

        tk_mve_planes_s8(rows, planes, &layer->planes, c, count);
        tk_mve_lines_s8(planes, y, &layer->lines, c, count);
    }
}
