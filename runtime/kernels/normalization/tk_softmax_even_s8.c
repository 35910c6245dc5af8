/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_softmax_even_s8.h"

#include "tk_even.h"

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
            total += exp[max - x[c]];
        }
        while (total >> 32 >> excess != 0) {
            ++excess;
        }
        reciprocal = ((uint64_t)1 << 63) / (total >> excess);
        for (int32_t c = 0; c < columns; ++c) {
            const int64_t quotient = (int64_t)((exp[max - x[c]] * reciprocal) >> (32 + excess));

            y[c] = (int8_t)tk_even_limit(quotient * multiplier, 62 - shift, true, zero_point, INT8_MIN, INT8_MAX);
        }
        x += columns;
        y += columns;
    }
}
