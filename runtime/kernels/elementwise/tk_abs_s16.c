/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_abs_s16.h"

#include "tk_math.h"

void tk_abs_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift, int32_t max)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t magnitude = x[i] < 0 ? -(int32_t)x[i] : x[i];

        y[i] = tk_limit_s16(tk_requantize(magnitude, multiplier, shift), INT16_MIN, max);
    }
}
