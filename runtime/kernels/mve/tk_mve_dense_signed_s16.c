/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_dense_signed_s16.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_dense_signed_s16(const int8_t *x, int16_t *y, const tk_mve_gemm *layer)
{
    const int32_t blocks = 128 * ((layer->depth + 15) / 16);

    for (int32_t o = 0; o < layer->channels; ++o) {
        const int8_t *octet = layer->weights + o / 8 * (blocks + 128);
        const int8_t *constants = octet + blocks + o % 2 * 64;
        const int32_t lane = o % 8 / 2;
        const int32_t sum = tk_mve_lane(x, octet, layer->depth, o % 8, 8);
        const int32_t acc = tk_mve_wrapped(sum, tk_mve_word(constants, lane));
        const int32_t shifted = (int32_t)((uint32_t)acc << tk_mve_word(constants, 4 + lane));

        y[o] = tk_mve_wide(
            tk_mve_requantized(shifted, tk_mve_word(constants, 8 + lane), -tk_mve_word(constants, 12 + lane)));
    }
}

#endif
