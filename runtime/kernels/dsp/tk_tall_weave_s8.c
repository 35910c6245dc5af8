/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tall_weave_s8.h"

#if !TK_DSP_ASM

void tk_tall_weave_s8(const int8_t *const *rows, int32_t first, uint32_t *restrict out, const tk_tall_weave *weave)
{
    for (int32_t i = 0; i < 3; ++i) {
        const int8_t *const x = rows[i * weave->apart] + first;
        const int8_t *const y = rows[(i + 1) * weave->apart] + first;

        for (int32_t k = 0; k < 4 * weave->words; k += 2) {
            out[k / 2 * (weave->step / 4) + i]
                = tk_pair(INT32_C(256) * x[k] + y[k] + 128, INT32_C(256) * x[k + 1] + y[k + 1] + 128);
        }
    }
}

#endif
