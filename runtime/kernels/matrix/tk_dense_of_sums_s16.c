/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_of_sums_s16.h"

#include "tk_conv_rescale_s16.h"
#include "tk_math.h"

void tk_dense_of_sums_s16(const int64_t *restrict sums, const void *restrict bias, const int32_t *restrict multiplier,
                          const int8_t *restrict shift, int16_t *restrict y, const tk_dense_of_sums_s16_params *params)
{
    const tk_dense_of_sums_s16_params p = *params;

    for (int32_t o = 0; o < p.outputs; ++o) {
        const int32_t result = tk_conv_rescale_s16(sums[o], bias, o, multiplier[o * p.step], shift[o * p.step], p.narrow != 0);

        y[o] = tk_limit_s16(result, p.min, p.max);
    }
}
