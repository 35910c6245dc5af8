/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_energy_s16.h"

void tk_energy_s16(const int16_t *x, uint32_t *y, int32_t start, int32_t end, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t re = x[2 * i];
        const int32_t im = x[2 * i + 1];

        y[i] = i < start || i >= end ? 0 : (uint32_t)(re * re) + (uint32_t)(im * im);
    }
}
