/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_wino_weights_s8.h"

#if !TK_DSP_ASM

/* G g G' of one channel of four. */
static void transformed(const uint32_t *w, int32_t channel, int32_t out[36])
{
    int32_t taps[9];
    int32_t half[18];

    for (int32_t i = 0; i < 9; ++i) {
        taps[i] = tk_byte(w[i], channel);
    }
    for (int32_t i = 0; i < 3; ++i) {
        tk_wino_g(taps + i, 3, half + i, 3);
    }
    for (int32_t i = 0; i < 6; ++i) {
        tk_wino_g(half + 3 * i, 1, out + 6 * i, 1);
    }
}

void tk_wino_weights_s8(const uint32_t *restrict w, uint32_t *restrict u, int32_t fours)
{
    for (int32_t k = 0; k < 2 * fours; ++k) {
        int32_t low[36];
        int32_t high[36];

        transformed(w + k / 2 * 9, k % 2, low);
        transformed(w + k / 2 * 9, k % 2 + 2, high);
        for (int32_t p = 0; p < 36; ++p) {
            u[4 * fours * p + 2 * k] = tk_pair(low[p], high[p]);
        }
    }
}

#endif
