/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_near_s8.h"

#if !TK_DSP_ASM

/* One pixel times a channel of a pair. */
static uint32_t products(const int8_t *const *rows, int32_t first, const uint32_t *w, int32_t channel, const tk_near *near)
{
    uint32_t sum = w[channel];

    w += 2;
    for (int32_t a = 0; a < near->segments; ++a) {
        const int8_t *const x = rows[a * near->row_step] + first;

        for (int32_t k = 0; k < near->bytes; k += 4) {
            for (int32_t odd = 0; odd < 2; ++odd, ++w) {
                sum += (uint32_t)(x[k + odd] * tk_byte(*w, channel)) + (uint32_t)(x[k + odd + 2] * tk_byte(*w, channel + 2));
            }
        }
    }
    return sum << 8;
}

void tk_conv_near_s8(const int8_t *const *rows, int32_t first, int8_t *restrict y, const tk_near *near)
{
    const int32_t steps = near->segments * near->bytes / 2;
    const uint32_t *w = near->weights;

    for (int32_t c = 0; c < near->channels; c += 2, w += 2 + steps + 8) {
        for (int32_t i = 0; i < 2; ++i) {
            for (int32_t d = 0; d < 2; ++d) {
                const uint32_t v = products(rows, first + i * near->apart, w, d, near);

                y[i * near->pitch + c + d] = tk_near_code(v, w + 2 + steps + 4 * d);
            }
        }
    }
}

#endif
