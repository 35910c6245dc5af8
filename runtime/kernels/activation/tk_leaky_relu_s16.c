/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_leaky_relu_s16.h"

#include "tk_math.h"

void tk_leaky_relu_s16(const int16_t *x, int16_t *y, int32_t n, const tk_leaky_relu_s16_params *params)
{
    const tk_leaky_relu_s16_params p = *params;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t v = x[i] + p.input_offset;
        const int32_t result = v >= 0 ? tk_requantize(v, p.multiplier, p.shift)
                                      : p.sign * tk_requantize(v, p.alpha_multiplier, p.alpha_shift);

        y[i] = tk_limit_s16(tk_wrapping_add(result, p.output_offset), INT16_MIN, INT16_MAX);
    }
}
