/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_input_s8.h"

#if !TK_DSP_ASM

/* B d B' of one channel. */
static void transformed(const int8_t *x, const tk_wino *image, int32_t out[36])
{
    int32_t pixels[36];
    int32_t half[36];

    for (int32_t i = 0; i < 36; ++i) {
        pixels[i] = x[i / 6 * image->row + i % 6 * image->pixel];
    }
    for (int32_t i = 0; i < 6; ++i) {
        tk_wino_b(pixels + i, 6, half + i, 6);
    }
    for (int32_t i = 0; i < 6; ++i) {
        tk_wino_b(half + 6 * i, 1, out + 6 * i, 1);
    }
}

void tk_wino_input_s8(const int8_t *restrict x, uint32_t *restrict v, const tk_wino *image)
{
    for (int32_t k = 0; k < 2 * image->fours; ++k) {
        const int32_t channel = k / 2 * 4 + k % 2;
        int32_t low[36];
        int32_t high[36];

        transformed(x + channel, image, low);
        transformed(x + channel + 2, image, high);
        for (int32_t p = 0; p < 36; ++p) {
            v[8 * image->fours * p + 4 * k] = tk_pair(low[p], high[p]);
        }
    }
}

#endif
