/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_of_sums_s16.h"

#include "tk_math.h"

void tk_mean_of_sums_s16(const int32_t *restrict sums, int16_t *restrict y, int32_t channels, const tk_mean_s8_params *params)
{
    for (int32_t c = 0; c < channels; ++c) {
        const int32_t acc = tk_wrapping_add(sums[c], params->sum_offset);
        const int32_t mean = tk_requantize(acc, params->multiplier, params->shift);

        y[c] = tk_limit_s16(tk_wrapping_add(mean, params->output_offset), INT16_MIN, INT16_MAX);
    }
}
