/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_pcan.h"

#include "tk_bits.h"

static int16_t gain(uint32_t noise, const int16_t *gain_lut)
{
    if (noise <= 2) {
        return gain_lut[noise];
    }
    const int32_t bits = tk_bits(noise);
    const int16_t *const curve = gain_lut + 4 * bits - 6;
    const int32_t fraction = (int32_t)(bits < 11 ? noise << (11 - bits) : noise >> (bits - 11)) & 0x3FF;
    const int32_t slope = (curve[2] * fraction >> 5) + curve[1] * INT32_C(32);

    return (int16_t)(curve[0] + ((slope * fraction + (1 << 14)) >> 15));
}

void tk_pcan(const uint32_t *x, const uint32_t *noise, const int16_t *gain_lut, uint32_t *y, int32_t n,
             int32_t snr_shift)
{
    for (int32_t i = 0; i < n; ++i) {
        const uint32_t factor = (uint32_t)gain(noise[i], gain_lut);
        const uint32_t snr = (uint32_t)((uint64_t)x[i] * factor >> snr_shift);

        y[i] = snr < 2 << 12 ? snr * snr >> 20 : (snr >> 6) - 64;
    }
}
