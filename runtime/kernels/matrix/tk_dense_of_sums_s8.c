/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_of_sums_s8.h"

#include "tk_math.h"

void tk_dense_of_sums_s8(const int32_t *restrict sums, const int32_t *restrict multiplier, const int8_t *restrict shift,
                         int8_t *restrict y, const tk_dense_of_sums_s8_params *params)
{
    const tk_dense_of_sums_s8_params p = *params;

    for (int32_t o = 0; o < p.outputs; ++o) {
        const int32_t scaled = tk_requantize(sums[o], multiplier[o * p.step], shift[o * p.step]);

        y[o] = tk_limit_s8(tk_wrapping_add(scaled, p.output_offset), p.min, p.max);
    }
}
