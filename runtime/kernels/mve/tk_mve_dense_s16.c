/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_dense_s16.h"

#include "tk_mve_stream_s16.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_dense_s16(const int16_t *x, int16_t *y, const tk_mve_gemm *layer)
{
    const int32_t blocks = 64 * ((layer->depth + 7) / 8);

    for (int32_t o = 0; o < layer->channels; ++o) {
        const int8_t *octet = layer->weights + o / 8 * (blocks + 64);
        const int8_t *constants = octet + blocks + o % 2 * 32;
        const int32_t lane = o % 8 / 2;
        const int32_t sum = tk_mve_lane_s16(x, octet, layer->depth, o % 8, 8);

        y[o] = tk_mve_high_s16(sum + tk_mve_word(constants, lane), tk_mve_word(constants, 4 + lane), layer->min, layer->max);
    }
}

#endif
