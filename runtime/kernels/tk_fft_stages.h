/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_fft_s16, tk_fft_s32 and tk_fft_f32: stages of radix 2 and 4. Internal. */
#ifndef TK_FFT_STAGES_H
#define TK_FFT_STAGES_H

#include <stddef.h>

#include "tk_fft_arithmetic.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The first factor of a stage is 1 (its rounded product is the other one): NULL spares the multiplication. */
static inline tk_fft_complex tk_fft_turn(tk_fft_complex a, const tk_fft_element *t)
{
    return t == NULL ? a : tk_fft_times(a, t);
}

static inline void tk_fft_radix2(tk_fft_element *y, int32_t step, const tk_fft_element *t)
{
    const tk_fft_complex x = tk_fft_load(y, 2);
    const tk_fft_complex a = tk_fft_turn(tk_fft_load(y + step, 2), t);

    tk_fft_store(y, tk_fft_plus(x, a));
    tk_fft_store(y + step, tk_fft_minus(x, a));
}

/* `ahead` and `behind`: `step` and 3 * `step`, or for the inverse the other way round. */
static inline void tk_fft_radix4(tk_fft_element *y, int32_t step, int32_t ahead, int32_t behind, const tk_fft_element *t)
{
    const tk_fft_complex x = tk_fft_load(y, 4);
    const tk_fft_complex a = tk_fft_turn(tk_fft_load(y + step, 4), t);
    const tk_fft_complex b = tk_fft_turn(tk_fft_load(y + 2 * step, 4), t == NULL ? t : t + 2);
    const tk_fft_complex c = tk_fft_turn(tk_fft_load(y + 3 * step, 4), t == NULL ? t : t + 4);
    const tk_fft_complex even = tk_fft_plus(x, b);
    const tk_fft_complex odd = tk_fft_minus(x, b);
    const tk_fft_complex sum = tk_fft_plus(a, c);
    const tk_fft_complex difference = tk_fft_minus(a, c);

    tk_fft_store(y, tk_fft_plus(even, sum));
    tk_fft_store(y + 2 * step, tk_fft_minus(even, sum));
    tk_fft_store(y + ahead, tk_fft_minus_turned(odd, difference));
    tk_fft_store(y + behind, tk_fft_plus_turned(odd, difference));
}

static inline void tk_fft_frame(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape)
{
    const tk_fft_element *const end = y + 2 * shape->n;
    int32_t m = shape->m;
    int32_t step = 2 * m;

    if ((shape->n / m) % 3 == 2) { /* 2, 8, 32, ...: an odd power of two */
        for (tk_fft_element *block = y; block < end; block += step) {
            const tk_fft_element *t = twiddles;

            tk_fft_radix2(block, step, NULL);
            for (int32_t k = 1; k < m; ++k) {
                block += 2;
                tk_fft_radix2(block, step, t);
                t += 2;
            }
            block += 2;
        }
        twiddles += 2 * (m - 1);
        m *= 2;
    }
    for (; m < shape->n; m *= 4) {
        step = 2 * m;
        for (tk_fft_element *block = y; block < end; block += 3 * step) {
            const int32_t ahead = shape->inverse ? 3 * step : step;
            const int32_t behind = 4 * step - ahead;
            const tk_fft_element *t = twiddles;

            tk_fft_radix4(block, step, ahead, behind, NULL);
            for (int32_t k = 1; k < m; ++k) {
                block += 2;
                tk_fft_radix4(block, step, ahead, behind, t);
                t += 6;
            }
            block += 2;
        }
        twiddles += 6 * (m - 1);
    }
}

static inline void tk_fft_frames(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape)
{
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        tk_fft_frame(y, twiddles, shape);
        y += shape->stride;
    }
}

#ifdef __cplusplus
}
#endif

#endif
