/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_lut.h"

void tk_lut(const void *x, const void *table, void *y, int32_t n)
{
    const uint8_t *from = (const uint8_t *)x;
    const uint8_t *results = (const uint8_t *)table;
    uint8_t *to = (uint8_t *)y;

    for (int32_t i = 0; i < n; ++i) {
        to[i] = results[from[i]];
    }
}
