/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_average_of_sums_f32.h"

#include "tk_math.h"

void tk_average_of_sums_f32(const float *restrict sums, float *restrict y, int32_t channels, int32_t count,
                            tk_range_f32 range)
{
    for (int32_t c = 0; c < channels; ++c) {
        y[c] = tk_limit_f32(sums[c] / (float)count, range);
    }
}
