/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_rows_dsp_s8.h"

#include "tk_depthwise_taps_s8.h"
#include "tk_planes_s8.h"

static void four(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape,
                 const tk_depthwise_layer *layer)
{
    const int32_t channels = layer->channels < 4 ? layer->channels : 4;
    const int32_t multiplier = layer->multiplier;
    const int32_t words = (layer->reach_columns + 1) / 2;
    const tk_taps taps = {layer->kernel_lines, words, layer->dilation_lines * TK_FOUR_LINES, layer->stride_columns / 2,
                          layer->stride_lines * TK_FOUR_LINES};

    for (int32_t q = 0; q < channels; ++q) {
        for (int32_t m = 0; m < multiplier; ++m) {
            tk_depthwise_taps_s8(planes + q * TK_LINE, y + q * multiplier + m, w, shape, &taps);
            w += 1 + taps.rows * words + 4;
        }
    }
}

void tk_depthwise_rows_dsp_s8(const int8_t *const *rows, int8_t *restrict y, int32_t lines, const tk_depthwise_layer *layer,
                              uint32_t *restrict scratch)
{
    static const tk_depthwise_kernels kernels = {tk_planes_s8, four};

    tk_depthwise_block(&kernels, rows, y, lines, layer, scratch);
}
