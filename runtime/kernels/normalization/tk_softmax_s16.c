/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softmax_s16.h"

#include "tk_math.h"

/* A function over all of int16 by its values at every 128th point, straight lines between them. */
static int32_t interpolate(const int16_t *table, int32_t x)
{
    const int16_t *left = table + 256 + (x >> 7);
    const int32_t slope = (int32_t)left[1] - left[0];

    return left[0] + ((slope * (x & 127) + 64) >> 7);
}

/* x > 0. */
static int32_t leading_zeros(int32_t x)
{
    int32_t zeros = 0;

    for (uint32_t bits = (uint32_t)x; bits < UINT32_C(0x80000000); bits <<= 1) {
        ++zeros;
    }
    return zeros;
}

static int32_t largest(const int16_t *x, int32_t n)
{
    int32_t max = x[0];

    for (int32_t i = 1; i < n; ++i) {
        max = x[i] > max ? x[i] : max;
    }
    return max;
}

/* 2^15 / sum * 2^-headroom in Q0.15. */
static int32_t invert(int32_t sum, int32_t headroom, const int16_t *reciprocal)
{
    const int32_t scaled = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14);

    return interpolate(reciprocal, tk_limit_s32(scaled - INT32_C(0x18000), INT16_MIN, INT16_MAX));
}

void tk_softmax_s16(const int16_t *x, int16_t *y, int32_t rows, int32_t columns, int32_t multiplier, int32_t shift,
                    const int16_t *exp_table, const int16_t *reciprocal_table)
{
    for (int32_t row = 0; row < rows; ++row) {
        const int32_t max = largest(x, columns);
        int32_t sum = 0;

        for (int32_t i = 0; i < columns; ++i) {
            const int32_t scaled = tk_requantize(x[i] - max, multiplier, shift) + INT16_MAX;

            y[i] = (int16_t)interpolate(exp_table, tk_limit_s32(scaled, INT16_MIN, INT16_MAX));
            sum += y[i];
        }
        const int32_t headroom = leading_zeros(sum);
        const int32_t factor = invert(sum, headroom, reciprocal_table);

        for (int32_t i = 0; i < columns; ++i) {
            const int32_t ratio = (((y[i] * factor) >> (30 - headroom)) + 1) >> 1;

            y[i] = tk_limit_s16(ratio, 0, INT16_MAX);
        }
        x += columns;
        y += columns;
    }
}
