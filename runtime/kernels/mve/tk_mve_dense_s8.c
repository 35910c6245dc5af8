/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_dense_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_dense_s8(const int8_t *x, int8_t *y, const tk_mve_gemm *layer)
{
    const int32_t blocks = 128 * ((layer->depth + 15) / 16);

    for (int32_t o = 0; o < layer->channels; ++o) {
        const int8_t *octet = layer->weights + o / 8 * (blocks + 64);
        const int32_t acc = tk_mve_lane(x, octet, layer->depth, o % 8, 8);

        y[o] = tk_mve_folded(acc, octet + blocks + o % 2 * 32, o % 8 / 2, layer->unit, layer->shift);
    }
}

#endif
