/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softmax_even_s8.h"

#include "tk_even.h"

/* 2^63 / divisor, by subtractions: it is needed once a row, where 64 bits have no instruction. 2^31 <= divisor < 2^32. */
static uint64_t reciprocal_of(uint64_t divisor)
{
    uint64_t rest = (uint64_t)1 << 31;
    uint64_t quotient = 0;

    for (int32_t bit = 0; bit < 33; ++bit) {
        quotient <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient |= 1U;
        }
        rest <<= 1;
    }
    return quotient;
}

/* Of a difference of 0 to 255: in Q1.31. */
static uint64_t power(const uint32_t *exp, int32_t difference)
{
    return ((uint64_t)exp[difference / 16] * exp[16 + difference % 16] + ((uint64_t)1 << 30)) >> 31;
}

void tk_softmax_even_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t columns, const uint32_t *exp, int32_t multiplier,
                        int32_t shift, int32_t zero_point)
{
    for (int32_t row = 0; row < rows; ++row) {
        int32_t max = x[0];
        uint64_t total = 0;
        int32_t excess = 0;
        uint64_t reciprocal;

        for (int32_t c = 1; c < columns; ++c) {
            max = x[c] > max ? x[c] : max;
        }
        for (int32_t c = 0; c < columns; ++c) {
            total += power(exp, max - x[c]);
        }
        while (total >> 32 >> excess != 0) {
            ++excess;
        }
        reciprocal = reciprocal_of(total >> excess);
        for (int32_t c = 0; c < columns; ++c) {
            const int64_t quotient = (int64_t)((power(exp, max - x[c]) * reciprocal) >> (32 + excess));

            y[c] = (int8_t)tk_even_limit(quotient * multiplier, 62 - shift, false, zero_point, INT8_MIN, INT8_MAX);
        }
        x += columns;
        y += columns;
    }
}
