/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_pixel_s8.h"

#if !TK_DSP_ASM

void tk_depthwise_pixel_s8(const int8_t *const *x, int8_t *y, const tk_depthwise_pixel *pixel)
{
    const uint32_t *w = pixel->weights;

    for (int32_t c = 0; c < pixel->channels; c += 4) {
        const int32_t first = c + 4 <= pixel->channels ? c : pixel->channels - 4;
        uint32_t v[4] = {w[0], w[1], w[2], w[3]};

        w += 4;
        for (int32_t t = 0; t < pixel->taps; t += 2) {
            for (int32_t i = 0; i < 4; ++i) {
                v[i] = tk_smlad(tk_pair(x[t][first + i], x[t + 1][first + i]), *w++, v[i]);
            }
        }
        for (int32_t i = 0; i < 4; ++i, w += 4) {
            const uint32_t sum = w[1] + ((int32_t)v[i] < 0 ? w[2] : 0u);

            y[first + i] = tk_ssat8(tk_smmla((int32_t)v[i], (int32_t)w[0], (int32_t)sum) >> w[3]);
        }
    }
}

#endif
