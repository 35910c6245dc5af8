/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_fft_odd_s16, tk_fft_odd_s32 and tk_fft_odd_f32: a stage of radix 3 or 5. Internal. */
#ifndef TK_FFT_ODD_STAGE_H
#define TK_FFT_ODD_STAGE_H

#include "tk_fft_arithmetic.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline tk_fft_complex tk_fft_scaled(tk_fft_complex a, tk_fft_wide factor)
{
    const tk_fft_complex z = {tk_fft_product(a.re, factor), tk_fft_product(a.im, factor)};

    return z;
}

/* twiddles: exp(-2 pi i k / n) for each k; root is that of a third turn. The factors of these points are 2 * `k` apart. */
static inline void tk_fft_radix3(tk_fft_element *y, int32_t step, const tk_fft_element *twiddles, int32_t k,
                                 const tk_fft_element *root)
{
    const tk_fft_complex x = tk_fft_load(y, 3);
    const tk_fft_complex a = tk_fft_times(tk_fft_load(y + step, 3), twiddles + 2 * k);
    const tk_fft_complex b = tk_fft_times(tk_fft_load(y + 2 * step, 3), twiddles + 4 * k);
    const tk_fft_complex sum = tk_fft_plus(a, b);
    const tk_fft_complex half = {tk_fft_half(sum.re), tk_fft_half(sum.im)};
    const tk_fft_complex centre = tk_fft_minus(x, half);
    const tk_fft_complex side = tk_fft_scaled(tk_fft_minus(a, b), root[1]);

    tk_fft_store(y, tk_fft_plus(x, sum));
    tk_fft_store(y + step, tk_fft_plus_turned(centre, side));
    tk_fft_store(y + 2 * step, tk_fft_minus_turned(centre, side));
}

/* root is that of a fifth of a turn, square that of two. */
static inline void tk_fft_radix5(tk_fft_element *y, int32_t step, const tk_fft_element *twiddles, int32_t k,
                                 const tk_fft_element *root, const tk_fft_element *square)
{
    const tk_fft_complex x = tk_fft_load(y, 5);
    const tk_fft_complex a = tk_fft_times(tk_fft_load(y + step, 5), twiddles + 2 * k);
    const tk_fft_complex b = tk_fft_times(tk_fft_load(y + 2 * step, 5), twiddles + 4 * k);
    const tk_fft_complex c = tk_fft_times(tk_fft_load(y + 3 * step, 5), twiddles + 6 * k);
    const tk_fft_complex d = tk_fft_times(tk_fft_load(y + 4 * step, 5), twiddles + 8 * k);
    const tk_fft_complex outer = tk_fft_plus(a, d);
    const tk_fft_complex inner = tk_fft_plus(b, c);
    const tk_fft_complex outer_gap = tk_fft_minus(a, d);
    const tk_fft_complex inner_gap = tk_fft_minus(b, c);
    const tk_fft_complex near =
        tk_fft_plus(tk_fft_plus(x, tk_fft_scaled(outer, root[0])), tk_fft_scaled(inner, square[0]));
    const tk_fft_complex far =
        tk_fft_plus(tk_fft_plus(x, tk_fft_scaled(outer, square[0])), tk_fft_scaled(inner, root[0]));
    const tk_fft_complex near_side =
        tk_fft_plus(tk_fft_scaled(outer_gap, root[1]), tk_fft_scaled(inner_gap, square[1]));
    const tk_fft_complex far_side =
        tk_fft_minus(tk_fft_scaled(outer_gap, square[1]), tk_fft_scaled(inner_gap, root[1]));

    tk_fft_store(y, tk_fft_plus(x, tk_fft_plus(outer, inner)));
    tk_fft_store(y + step, tk_fft_plus_turned(near, near_side));
    tk_fft_store(y + 2 * step, tk_fft_plus_turned(far, far_side));
    tk_fft_store(y + 3 * step, tk_fft_minus_turned(far, far_side));
    tk_fft_store(y + 4 * step, tk_fft_minus_turned(near, near_side));
}

static inline void tk_fft_odd_frames(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape,
                                     int32_t radix)
{
    const int32_t step = 2 * shape->m;
    const int32_t blocks = shape->n / (radix * shape->m);
    const tk_fft_element *const root = twiddles + blocks * step;

    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        tk_fft_element *block = y + frame * shape->stride;

        for (int32_t i = 0; i < blocks; ++i) {
            for (int32_t k = 0; k < shape->m; ++k) {
                if (radix == 3) {
                    tk_fft_radix3(block, step, twiddles, k * blocks, root);
                } else {
                    tk_fft_radix5(block, step, twiddles, k * blocks, root, root + blocks * step);
                }
                block += 2;
            }
            block += (radix - 1) * step;
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
