/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_filter_bank_square_root.h"

/* Bit by bit from the highest: `rest` is what the root so far, whose double is kept, leaves of the square. */
static uint32_t root(uint64_t square)
{
    const uint32_t limit = square >> 32 == 0 ? UINT16_MAX : UINT32_MAX;
    uint64_t rest = square;
    uint64_t result = 0;
    uint64_t bit = (uint64_t)1 << 62;

    while (bit > square) {
        bit >>= 2;
    }
    for (; bit != 0; bit >>= 2) {
        if (rest >= result + bit) {
            rest -= result + bit;
            result = (result >> 1) + bit;
        } else {
            result >>= 1;
        }
    }
    return (uint32_t)result + (rest > result && result < limit);
}

void tk_filter_bank_square_root(const uint64_t *x, const int32_t *scale_bits, uint32_t *y, int32_t n)
{
    const int32_t bits = *scale_bits & 31;

    for (int32_t i = 0; i < n; ++i) {
        y[i] = root(x[i]) >> bits;
    }
}
