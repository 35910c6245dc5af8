/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_gemm_signed_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

static void row(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm *layer)
{
    const int32_t blocks = 64 * ((layer->depth + 15) / 16);

    for (int32_t p = 0; p < pixels; ++p) {
        for (int32_t o = 0; o < layer->channels; ++o) {
            const int32_t lane = o % 8 / 2;
            const int8_t *tile = layer->weights + (o / 8 * 2 + o % 2) * (blocks + 48);
            const int8_t *constants = tile + blocks;
            const int32_t products = tk_mve_lane(x + p * layer->step, tile, layer->depth, lane, 4);
            const int32_t acc = products + tk_mve_word(constants, lane);

            y[p * layer->pitch + o] = tk_mve_twice(acc, tk_mve_word(constants, 4 + lane), -tk_mve_word(constants, 8 + lane),
                                                   layer->offset, layer->min, layer->max);
        }
    }
}

void tk_mve_gemm_signed_s8(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm *layer)
{
    row(x, y, pixels, layer);
    if (layer->row_step != 0) {
        row(x + layer->row_step, y + layer->row_pitch, pixels, layer);
    }
}

#endif
