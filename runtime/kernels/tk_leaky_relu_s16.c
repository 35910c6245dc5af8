/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_leaky_relu_s16.h"

#include "tk_math.h"

void tk_leaky_relu_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift,
                       int32_t alpha_multiplier, int32_t alpha_shift, int32_t sign)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t result = x[i] >= 0 ? tk_requantize(x[i], multiplier, shift)
                                         : sign * tk_requantize(x[i], alpha_multiplier, alpha_shift);

        y[i] = tk_limit_s16(result, INT16_MIN, INT16_MAX);
    }
}
