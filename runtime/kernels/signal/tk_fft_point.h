/* SPDX-License-Identifier: Apache-2.0 */
/* One point of an FFT in registers, for stages of radix 2 and 4. Internal.
 *
 * int16 on cores with Arm's DSP extension: both parts in one register, the real one in its lower half. No sum on the way
 * exceeds int16, so that the results are those of the plain form. */
#ifndef TK_FFT_POINT_H
#define TK_FFT_POINT_H

#include "tk_fft_arithmetic.h"

#if defined(TK_FFT_BITS) && TK_FFT_BITS == 16 && defined(__ARM_FEATURE_SIMD32) && defined(__ARM_FEATURE_DSP) && \
    !defined(__ARM_BIG_ENDIAN)
#define TK_FFT_PACKED
#include <arm_acle.h>
#include <string.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TK_FFT_PACKED

typedef int32_t tk_fft_point;

static inline int32_t tk_fft_both(const int16_t *x)
{
    int32_t both;

    memcpy(&both, x, sizeof both);
    return both;
}

/* The point of two sums of products, rounding included. */
static inline int32_t tk_fft_pack(int32_t re, int32_t im)
{
    return (int32_t)(((uint32_t)im << 1 & 0xFFFF0000u) | ((uint32_t)(re >> 15) & 0xFFFFu));
}

static inline int32_t tk_fft_point_load(const int16_t *x, int32_t divisor)
{
    const int32_t both = tk_fft_both(x);
    const int32_t factor = INT16_MAX / divisor;

    return tk_fft_pack(__smlabb(both, factor, 1 << 14), __smlatb(both, factor, 1 << 14));
}

static inline void tk_fft_point_store(int16_t *y, int32_t z)
{
    memcpy(y, &z, sizeof z);
}

static inline int32_t tk_fft_point_plus(int32_t a, int32_t b)
{
    return __sadd16(a, b);
}

static inline int32_t tk_fft_point_minus(int32_t a, int32_t b)
{
    return __ssub16(a, b);
}

static inline int32_t tk_fft_point_plus_turned(int32_t a, int32_t b)
{
    return __sasx(a, b);
}

static inline int32_t tk_fft_point_minus_turned(int32_t a, int32_t b)
{
    return __ssax(a, b);
}

static inline int32_t tk_fft_point_times(int32_t a, const int16_t *t)
{
    const int32_t factor = tk_fft_both(t);

    return tk_fft_pack(__smlsd(a, factor, 1 << 14), __smladx(a, factor, 1 << 14));
}

#else

typedef tk_fft_complex tk_fft_point;

#define tk_fft_point_load tk_fft_load
#define tk_fft_point_store tk_fft_store
#define tk_fft_point_plus tk_fft_plus
#define tk_fft_point_minus tk_fft_minus
#define tk_fft_point_plus_turned tk_fft_plus_turned
#define tk_fft_point_minus_turned tk_fft_minus_turned
#define tk_fft_point_times tk_fft_times

#endif

#ifdef __cplusplus
}
#endif

#endif
