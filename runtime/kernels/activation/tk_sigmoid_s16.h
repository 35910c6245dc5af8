/* SPDX-License-Identifier: Apache-2.0 */
/* The odd function sigmoid(z) - 1/2 by straight lines between the points of a table: what tk_logistic_s16 and tk_tanh_s16
 * share. Internal. */
#ifndef TK_SIGMOID_S16_H
#define TK_SIGMOID_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* round(x * multiplier / 2^shift), halves towards +infinity. 0 <= multiplier < 2^15, 0 <= shift <= 31. */
static inline int32_t tk_sigmoid_argument(int16_t x, int32_t multiplier, int32_t shift)
{
    const int32_t half = shift > 0 ? (int32_t)(UINT32_C(1) << (shift - 1)) : 0;

    return (x * multiplier + half) >> shift;
}

/* table[i]: sigmoid(i / 24) - 1/2 in units of 2^-16, 256 entries. v >= 0 counts 2^-bits of their distance. Returns units of
 * 2^-(16 + bits); `limit` from the last entry on. */
static inline int32_t tk_sigmoid_minus_half(const int16_t *table, int32_t v, int32_t bits, int32_t limit)
{
    const int32_t index = v >> bits;
    const int32_t rest = v & ((INT32_C(1) << bits) - 1);

    return index >= 255 ? limit : table[index] * (INT32_C(1) << bits) + rest * ((int32_t)table[index + 1] - table[index]);
}

#ifdef __cplusplus
}
#endif

#endif
