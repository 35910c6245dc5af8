/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_gemm_s16.h"

#include "tk_mve_stream_s16.h"

#if !TK_MVE_ASSEMBLY

static void row(const int16_t *x, int16_t *y, int32_t pixels, const tk_mve_gemm *layer)
{
    const int32_t blocks = 32 * ((layer->depth + 7) / 8);

    for (int32_t p = 0; p < pixels; ++p) {
        for (int32_t o = 0; o < layer->channels; ++o) {
            const int32_t lane = o % 8 / 2;
            const int8_t *tile = layer->weights + (o / 8 * 2 + o % 2) * (blocks + 32);
            const int8_t *constants = tile + blocks;
            const int32_t sum = tk_mve_lane_s16(x + p * layer->step, tile, layer->depth, lane, 4);

            y[p * layer->pitch + o] = tk_mve_high_s16(sum + tk_mve_word(constants, lane), tk_mve_word(constants, 4 + lane),
                                                      layer->min, layer->max);
        }
    }
}

void tk_mve_gemm_s16(const int16_t *x, int16_t *y, int32_t pixels, const tk_mve_gemm *layer)
{
    row(x, y, pixels, layer);
    if (layer->row_step != 0) {
        row(x + layer->row_step, y + layer->row_pitch, pixels, layer);
    }
}

#endif
