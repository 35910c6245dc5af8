/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_filter_bank_log.h"

#include "tk_bits.h"

static uint32_t natural_log(uint32_t v, const int16_t *table)
{
    const int32_t whole = tk_bits(v) - 1;
    const uint32_t rest = v - (UINT32_C(1) << whole);
    const int32_t fraction = (int32_t)(whole < 16 ? rest << (16 - whole) : rest >> (whole - 16));
    const int16_t *const segment = table + (fraction >> 9);
    const int32_t bend = segment[0] + (((int32_t)segment[1] - segment[0]) * (fraction & 511) >> 16);
    const uint32_t log2 = (uint32_t)((whole << 16) + fraction + bend);

    return (uint32_t)(((uint64_t)45426 * log2 + (1u << 15)) >> 16);
}

void tk_filter_bank_log(const uint32_t *x, const int16_t *table, int16_t *y, int32_t n, int32_t correction_bits,
                        int32_t output_scale)
{
    for (int32_t i = 0; i < n; ++i) {
        const uint32_t v = x[i] << correction_bits;
        uint32_t result = 0;

        if (v > 1) {
            result = ((uint32_t)output_scale * natural_log(v, table) + (1u << 15)) >> 16;
        }
        y[i] = (int16_t)(result < INT16_MAX ? result : INT16_MAX);
    }
}
