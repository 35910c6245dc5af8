/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_row_s8.h"

#include <stddef.h>

#include "tk_math.h"

void tk_depthwise_row_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                         int32_t *restrict sums, int32_t row, const tk_depthwise_row_s8_params *params)
{
    const tk_depthwise_row_s8_params p = *params;
    const int32_t outputs = p.channels * p.multiplier;
    const int32_t taps = row * p.pixels * outputs;

    for (int32_t c = 0; c < p.channels; ++c) {
        for (int32_t o = c * p.multiplier; o < (c + 1) * p.multiplier; ++o) {
            int32_t sum = 0;

            for (int32_t j = 0; j < p.pixels; ++j) {
                sum += (x[j * p.channels + c] + p.input_offset) * (w[taps + j * outputs + o] + p.weights_offset);
            }
            sums[o] = tk_wrapping_add(row > 0 ? sums[o] : bias != NULL ? bias[o] : 0, sum);
        }
    }
}
