/* SPDX-License-Identifier: Apache-2.0 */
/* Complex numbers of the FFT kernels, in the element type that TK_FFT_BITS names: 16 or 32 for int16 or int32, which are
 * fractions of 2^15 or 2^31; undefined for float. Internal.
 *
 * Products are rounded to the nearest, halves upwards. Sums of int16 do not wrap around before they are stored, those of
 * int32 do at once: what is stored is the same. */
#ifndef TK_FFT_ARITHMETIC_H
#define TK_FFT_ARITHMETIC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(TK_FFT_BITS) && TK_FFT_BITS == 16

typedef int16_t tk_fft_element;
typedef int32_t tk_fft_wide;

static inline int32_t tk_fft_add(int32_t a, int32_t b)
{
    return a + b;
}

static inline int32_t tk_fft_subtract(int32_t a, int32_t b)
{
    return a - b;
}

/* round(a * b + c * d), and with a minus. */
static inline int32_t tk_fft_sum_of_products(int32_t a, int32_t b, int32_t c, int32_t d)
{
    return ((1 << 14) + (int32_t)(int16_t)a * (int16_t)b + c * d) >> 15;
}

static inline int32_t tk_fft_difference_of_products(int32_t a, int32_t b, int32_t c, int32_t d)
{
    return ((1 << 14) + (int32_t)(int16_t)a * (int16_t)b - c * d) >> 15;
}

static inline int32_t tk_fft_product(int32_t a, int32_t b)
{
    return ((1 << 14) + a * b) >> 15;
}

static inline int32_t tk_fft_divide(int32_t a, int32_t by)
{
    return tk_fft_product(a, INT16_MAX / by);
}

static inline int32_t tk_fft_half(int32_t a)
{
    return a >> 1;
}

/* What a result is of the sum over n elements: integers are divided on the way. */
static inline int16_t tk_fft_share(int16_t a, int32_t n)
{
    (void)n;
    return a;
}

#elif defined(TK_FFT_BITS)

typedef int32_t tk_fft_element;
typedef int32_t tk_fft_wide;

static inline int32_t tk_fft_add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t tk_fft_subtract(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline int32_t tk_fft_sum_of_products(int32_t a, int32_t b, int32_t c, int32_t d)
{
    return (int32_t)((((int64_t)1 << 30) + (int64_t)a * b + (int64_t)c * d) >> 31);
}

static inline int32_t tk_fft_difference_of_products(int32_t a, int32_t b, int32_t c, int32_t d)
{
    return (int32_t)((((int64_t)1 << 30) + (int64_t)a * b - (int64_t)c * d) >> 31);
}

static inline int32_t tk_fft_product(int32_t a, int32_t b)
{
    return (int32_t)((((int64_t)1 << 30) + (int64_t)a * b) >> 31);
}

static inline int32_t tk_fft_divide(int32_t a, int32_t by)
{
    return tk_fft_product(a, INT32_MAX / by);
}

static inline int32_t tk_fft_half(int32_t a)
{
    return a >> 1;
}

static inline int32_t tk_fft_share(int32_t a, int32_t n)
{
    (void)n;
    return a;
}

#else

typedef float tk_fft_element;
typedef float tk_fft_wide;

static inline float tk_fft_add(float a, float b)
{
    return a + b;
}

static inline float tk_fft_subtract(float a, float b)
{
    return a - b;
}

static inline float tk_fft_sum_of_products(float a, float b, float c, float d)
{
    return a * b + c * d;
}

static inline float tk_fft_difference_of_products(float a, float b, float c, float d)
{
    return a * b - c * d;
}

static inline float tk_fft_product(float a, float b)
{
    return a * b;
}

/* Floats are not scaled. */
static inline float tk_fft_divide(float a, int32_t by)
{
    (void)by;
    return a;
}

static inline float tk_fft_half(float a)
{
    return 0.5f * a;
}

static inline float tk_fft_share(float a, int32_t n)
{
    return a * (1.0f / (float)n);
}

#endif

typedef struct {
    tk_fft_wide re;
    tk_fft_wide im;
} tk_fft_complex;

static inline tk_fft_complex tk_fft_load(const tk_fft_element *x, int32_t divisor)
{
    const tk_fft_complex z = {tk_fft_divide(x[0], divisor), tk_fft_divide(x[1], divisor)};

    return z;
}

static inline void tk_fft_store(tk_fft_element *y, tk_fft_complex z)
{
    y[0] = (tk_fft_element)z.re;
    y[1] = (tk_fft_element)z.im;
}

static inline tk_fft_complex tk_fft_plus(tk_fft_complex a, tk_fft_complex b)
{
    const tk_fft_complex z = {tk_fft_add(a.re, b.re), tk_fft_add(a.im, b.im)};

    return z;
}

static inline tk_fft_complex tk_fft_minus(tk_fft_complex a, tk_fft_complex b)
{
    const tk_fft_complex z = {tk_fft_subtract(a.re, b.re), tk_fft_subtract(a.im, b.im)};

    return z;
}

/* a + i b */
static inline tk_fft_complex tk_fft_plus_turned(tk_fft_complex a, tk_fft_complex b)
{
    const tk_fft_complex z = {tk_fft_subtract(a.re, b.im), tk_fft_add(a.im, b.re)};

    return z;
}

/* a - i b */
static inline tk_fft_complex tk_fft_minus_turned(tk_fft_complex a, tk_fft_complex b)
{
    const tk_fft_complex z = {tk_fft_add(a.re, b.im), tk_fft_subtract(a.im, b.re)};

    return z;
}

/* a times the twiddle factor t, which is stored. */
static inline tk_fft_complex tk_fft_times(tk_fft_complex a, const tk_fft_element *t)
{
    const tk_fft_complex z = {tk_fft_difference_of_products(a.re, t[0], a.im, t[1]),
                              tk_fft_sum_of_products(a.re, t[1], a.im, t[0])};

    return z;
}

#ifdef __cplusplus
}
#endif

#endif
