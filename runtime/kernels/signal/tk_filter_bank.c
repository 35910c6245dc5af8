/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_filter_bank.h"

void tk_filter_bank(const uint32_t *x, const int16_t *weights, const int16_t *unweights, const int16_t *bands, uint64_t *y,
                    int32_t channels)
{
    uint64_t rising = 0;

    for (int32_t i = 0; i <= channels; ++i) {
        const uint32_t *point = x + bands[0];
        const int16_t *weight = weights + bands[1];
        const int16_t *unweight = unweights + bands[1];
        uint64_t sum = rising;

        rising = 0;
        for (int32_t j = bands[2]; j > 0; --j) {
            sum += (uint64_t)*weight++ * *point;
            rising += (uint64_t)*unweight++ * *point++;
        }
        if (i > 0) {
            *y++ = sum;
        }
        bands += 3;
    }
}
