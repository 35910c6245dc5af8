/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of contiguous int8, up to 2^17 of them. Internal. */
#ifndef TK_DOT_S8_H
#define TK_DOT_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t tk_dot1_s8(const int8_t *x, const int8_t *w, int32_t n)
{
    int32_t sum = 0;

    for (const int8_t *end = x + n; x != end;) {
        sum += *x++ * *w++;
    }
    return sum;
}

/* sum[lane] += x times the filter that starts lane * step after w: four filters share every x read. */
static inline void tk_dot4_s8(int32_t sum[4], const int8_t *x, const int8_t *w, int32_t step, int32_t n)
{
    const int8_t *w1 = w + step;
    const int8_t *w2 = w1 + step;
    const int8_t *w3 = w2 + step;
    int32_t sum0 = sum[0];
    int32_t sum1 = sum[1];
    int32_t sum2 = sum[2];
    int32_t sum3 = sum[3];

    for (const int8_t *end = x + n; x != end;) {
        const int32_t value = *x++;

        sum0 += value * *w++;
        sum1 += value * *w1++;
        sum2 += value * *w2++;
        sum3 += value * *w3++;
    }
    sum[0] = sum0;
    sum[1] = sum1;
    sum[2] = sum2;
    sum[3] = sum3;
}

#ifdef __cplusplus
}
#endif

#endif
