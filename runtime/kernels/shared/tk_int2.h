/* SPDX-License-Identifier: Apache-2.0 */
/* Packed int2: element 4i in the lowest bits of byte i, the next three above it. Internal. */
#ifndef TK_INT2_H
#define TK_INT2_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Element i >= 0. */
static inline int32_t tk_element_s2(const int8_t *w, int32_t i)
{
    const uint32_t code = (uint32_t)(uint8_t)w[i >> 2] >> (2 * (i & 3)) & 3u;

    return (int32_t)(code ^ 2u) - 2;
}

/* The sum over i below n of (x[i] + offset) times element first + i of w. */
static inline int32_t tk_dot_s2(const int8_t *x, int32_t n, const int8_t *w, int32_t first, int32_t offset)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] + offset) * tk_element_s2(w, first + i);
    }
    return sum;
}

#ifdef __cplusplus
}
#endif

#endif
