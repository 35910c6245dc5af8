/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_of_sums_f32.h"

#include <stddef.h>

#include "tk_math.h"

void tk_dense_of_sums_f32(const float *restrict sums, const float *restrict bias, float *restrict y, int32_t outputs,
                          tk_range_f32 range)
{
    for (int32_t o = 0; o < outputs; ++o) {
        y[o] = tk_limit_f32(sums[o] + (bias != NULL ? bias[o] : 0.0f), range);
    }
}
