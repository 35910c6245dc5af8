/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_near_s8.h"

#if !TK_DSP_ASM

static uint32_t products(const int8_t *x, const uint32_t *w, int32_t channel, const tk_depthwise_near *near)
{
    const uint32_t *tap = w + near->first / 4 + channel % 2;
    uint32_t v = w[near->starts / 4 + channel];

    for (int32_t a = 0; a < near->rows; ++a, tap += near->skip / 4) {
        for (int32_t b = 0; b < near->columns; ++b, tap += 2) {
            const int32_t input = x[a * near->row + b * near->pitch + channel] + tk_low(near->negative);

            v += (uint32_t)(input * (channel < 2 ? tk_low(*tap) : tk_high(*tap)));
        }
    }
    return v;
}

void tk_depthwise_near_s8(const int8_t *restrict x, int8_t *restrict y, const uint32_t *restrict w,
                          const tk_depthwise_near *near)
{
    for (int32_t c = 0; c < 4 * near->fours; c += 4, w += near->four / 4) {
        for (int32_t d = 0; d < 4; ++d) {
            y[c + d] = tk_near_code(products(x + c, w, d, near), w + near->starts / 4 + 4 + 4 * d);
        }
    }
}

#endif
