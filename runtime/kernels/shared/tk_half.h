/* SPDX-License-Identifier: Apache-2.0 */
/* float16, as constants have it. Internal. */
#ifndef TK_HALF_H
#define TK_HALF_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The value of a float16 that is neither negative nor infinite nor NaN: exponents of float32 count 112 more. */
static inline float tk_half_to_f32(uint16_t half)
{
    const uint32_t bits = half >= 0x400 ? ((uint32_t)half << 13) + ((uint32_t)112 << 23) : 0;
    float normal;

    memcpy(&normal, &bits, sizeof normal);
    return half >= 0x400 ? normal : (float)half * (1.0f / 16777216.0f);
}

#ifdef __cplusplus
}
#endif

#endif
