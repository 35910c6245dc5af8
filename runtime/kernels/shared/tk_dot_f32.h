/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of contiguous floats, added up from the first element to the last. Internal. */
#ifndef TK_DOT_F32_H
#define TK_DOT_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline float tk_dot1_f32(float sum, const float *x, const float *w, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * w[i];
    }
    return sum;
}

/* Four filters `step` floats apart, which share every x read. */
static inline void tk_dot4_f32(float sum[4], const float *x, const float *w, int32_t step, int32_t n)
{
    const float *w1 = w + step;
    const float *w2 = w1 + step;
    const float *w3 = w2 + step;
    float sum0 = sum[0];
    float sum1 = sum[1];
    float sum2 = sum[2];
    float sum3 = sum[3];

    for (int32_t i = 0; i < n; ++i) {
        const float value = x[i];

        sum0 += value * w[i];
        sum1 += value * w1[i];
        sum2 += value * w2[i];
        sum3 += value * w3[i];
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
