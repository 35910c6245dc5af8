/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_filter_bank_square_root.h"

#include "tk_bits.h"

/* The root of square * 2^shift, whose highest two bits are not both 0: 16 bits of it one by one, out of the upper half of
 * the square; the others are what is left, divided by twice the root so far, or one or two less. */
static uint32_t root(uint64_t square)
{
    if (square == 0) {
        return 0;
    }
    const uint32_t limit = square >> 32 == 0 ? UINT16_MAX : UINT32_MAX;
    const int32_t bits = square >> 32 == 0 ? tk_bits((uint32_t)square) : 32 + tk_bits((uint32_t)(square >> 32));
    const int32_t shift = (64 - bits) / 2 * 2;
    const uint64_t scaled = square << shift;
    uint32_t rest = (uint32_t)(scaled >> 32);
    uint32_t result = 0;

    for (uint32_t bit = (uint32_t)1 << 30; bit != 0; bit >>= 2) {
        const uint32_t trial = result + bit;

        result >>= 1;
        if (rest >= trial) {
            rest -= trial;
            result += bit;
        }
    }
    const uint32_t quotient = (rest << 15 | (uint32_t)scaled >> 17) / result;

    result = result << 16 | (quotient < UINT16_MAX ? quotient : UINT16_MAX);
    while ((uint64_t)result * result > scaled) {
        --result;
    }
    result >>= shift / 2;
    return result + (square - (uint64_t)result * result > result && result < limit);
}

void tk_filter_bank_square_root(const uint64_t *x, const int32_t *scale_bits, uint32_t *y, int32_t n)
{
    const int32_t bits = *scale_bits & 31;

    for (int32_t i = 0; i < n; ++i) {
        y[i] = root(x[i]) >> bits;
    }
}
