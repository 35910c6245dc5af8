/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_average_of_sums_s16.h"

#include "tk_math.h"

static int32_t average(int32_t sum, int32_t count, int32_t up)
{
    if (up) { /* of what is not negative */
        return (sum + INT32_C(32768) * count + count / 2) / count - INT32_C(32768);
    }
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

void tk_average_of_sums_s16(const int32_t *restrict sums, int16_t *restrict y, int32_t channels, int32_t count, int32_t up,
                            int32_t min, int32_t max)
{
    for (int32_t c = 0; c < channels; ++c) {
        y[c] = tk_limit_s16(average(sums[c], count, up), min, max);
    }
}
