/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_interpolate_s16.h"

void tk_interpolate_s16(const int16_t *x, const int16_t *table, int16_t *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        const int16_t *entry = table + 256 + (x[i] >> 7);
        const int16_t slope = (int16_t)((int32_t)entry[1] - entry[0]);

        y[i] = (int16_t)(entry[0] + (((int32_t)slope * (x[i] & 127) + 64) >> 7));
    }
}
