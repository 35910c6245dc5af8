/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_taps_s16.h"

#include "tk_mve_stream_s16.h"

#if !TK_MVE_ASSEMBLY

/* Channel c of a pixel whose inputs lie `at` elements from those that x points to. */
static int16_t result(const int16_t *const *x, int32_t at, int32_t c, const tk_mve_pixels *layer)
{
    const int32_t width = c < layer->channels / 16 * 16 ? 16 : 8;
    const int32_t first = c / width * width;
    const int8_t *starts = layer->weights + first * (layer->taps + 8);
    const int8_t *weights = starts + 4 * width;
    const int32_t word = (c - first) / 8 * 8 + c % 2 * 4 + c % 8 / 2;
    int32_t acc = tk_mve_word(starts, word);

    for (int32_t i = 0; i < layer->taps; ++i) {
        acc += (int32_t)x[i][at + c] * weights[i * width + c - first];
    }
    return tk_mve_high_s16(acc, tk_mve_word(weights + layer->taps * width, word), layer->min, layer->max);
}

void tk_mve_taps_s16(const int16_t *const *x, int16_t *y, int32_t pixels, const tk_mve_pixels *layer)
{
    for (int32_t p = 0; p < pixels; ++p) {
        for (int32_t c = 0; c < layer->channels; ++c) {
            y[p * layer->channels + c] = result(x, p * layer->step, c, layer);
        }
    }
}

#endif
