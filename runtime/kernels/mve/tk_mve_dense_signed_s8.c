/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_dense_signed_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_dense_signed_s8(const int8_t *x, int8_t *y, const tk_mve_gemm *layer)
{
    const int32_t blocks = 128 * ((layer->depth + 15) / 16);

    for (int32_t o = 0; o < layer->channels; ++o) {
        const int8_t *octet = layer->weights + o / 8 * (blocks + 96);
        const int8_t *constants = octet + blocks + o % 2 * 48;
        const int32_t lane = o % 8 / 2;
        const int32_t acc = tk_mve_lane(x, octet, layer->depth, o % 8, 8) + tk_mve_word(constants, lane);

        y[o] = tk_mve_twice(acc, tk_mve_word(constants, 4 + lane), -tk_mve_word(constants, 8 + lane), layer->offset, layer->min,
                            layer->max);
    }
}

#endif
