/* SPDX-License-Identifier: Apache-2.0 */
/* Weights of a few bits, packed into bytes, the first in the lowest bits. Internal. */
#ifndef TK_WEIGHT_BITS_H
#define TK_WEIGHT_BITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Weight `at` of all; bits: 4 or 2. */
static inline int32_t tk_weight_bits(const int8_t *w, int32_t at, int32_t bits)
{
    const int32_t sign = (int32_t)(UINT32_C(1) << (uint32_t)(bits - 1));
    const int32_t bit = at * bits % 8;
    const uint32_t code = (uint32_t)(uint8_t)w[at / (8 / bits)] >> (uint32_t)bit;

    return (int32_t)((code & (uint32_t)(sign * 2 - 1)) ^ (uint32_t)sign) - sign;
}

#ifdef __cplusplus
}
#endif

#endif
