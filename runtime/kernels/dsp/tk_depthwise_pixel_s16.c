/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_pixel_s16.h"

#if !TK_DSP_ASM

#include "tk_products_s16.h"

void tk_depthwise_pixel_s16(const int16_t *const *x, int16_t *restrict y, const tk_depthwise_pixel_s16_params *pixel)
{
    static const int8_t bytes[4] = {0, 2, 1, 3};
    const int32_t last = pixel->channels - 4;
    const uint32_t *w = pixel->weights;

    for (int32_t c = 0;; c = c + 4 < last ? c + 4 : last, w += 8 + pixel->taps) {
        for (int32_t k = 0; k < 4; ++k) {
            uint32_t sum = w[k];

            for (int32_t t = 0; t < pixel->taps; ++t) {
                sum += (uint32_t)((int32_t)x[t][c + k] * tk_byte(w[4 + t], bytes[k]));
            }
            y[c + k] = tk_products_code(sum, w[4 + pixel->taps + k], pixel->floor);
        }
        if (c == last) {
            break;
        }
    }
}

#endif
