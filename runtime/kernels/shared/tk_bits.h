/* SPDX-License-Identifier: Apache-2.0 */
/* How many bits a number has. Internal. */
#ifndef TK_BITS_H
#define TK_BITS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 for 0, 1 for 1, 2 for 2 and 3, ..., 32 from 2^31 on. */
static inline int32_t tk_bits(uint32_t x)
{
    int32_t bits = 0;

    for (int32_t step = 16; step > 0; step /= 2) {
        if (x >> step != 0) {
            x >>= step;
            bits += step;
        }
    }
    return bits + (int32_t)x;
}

#ifdef __cplusplus
}
#endif

#endif
