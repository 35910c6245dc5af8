/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_taps_s8.h"

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_taps_s8(const int8_t *const *x, int8_t *y, const tk_mve_taps *layer)
{
    for (int32_t c = 0; c < layer->channels; ++c) {
        const int8_t *block = layer->weights + c / 8 * (8 * layer->taps + 96);
        const int8_t *constants = block + 8 * layer->taps + c % 2 * 48;
        const int32_t lane = c % 8 / 2;
        int32_t acc = tk_mve_word(constants, lane);

        for (int32_t i = 0; i < layer->taps; ++i) {
            acc += x[i][c] * block[8 * i + c % 8];
        }
        y[c] = tk_mve_twice(acc, tk_mve_word(constants, 4 + lane), -tk_mve_word(constants, 8 + lane), layer->offset, layer->min,
                            layer->max);
    }
}

#endif
