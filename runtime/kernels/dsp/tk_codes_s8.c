/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_codes_s8.h"

#include "tk_math.h"

#if !TK_DSP_ASM

void tk_codes_s8(const int32_t *sums, int32_t n, int8_t *y, const tk_codes *codes)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t code = tk_requantize(tk_wrapping_add(sums[i], codes->bias[i]), codes->multiplier, -codes->right);

        y[i] = tk_limit_s8(tk_wrapping_add(code, codes->offset), codes->min, codes->max);
    }
}

#endif
