/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_row_s16.h"

void tk_add_row_s16(const int16_t *restrict x, int32_t *restrict sums, int32_t pixels, int32_t channels, int32_t fresh)
{
    for (int32_t c = 0; c < channels; ++c) {
        int32_t sum = fresh ? 0 : sums[c];

        for (int32_t p = 0; p < pixels; ++p) {
            sum += x[p * channels + c];
        }
        sums[c] = sum;
    }
}
