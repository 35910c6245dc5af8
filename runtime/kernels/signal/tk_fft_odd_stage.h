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

/* What a stage does. `blocks`: that it makes; `m`: points in each of the blocks that it finds; `inverse`: the blocks change
 * places, the last with the first. Integers are then rounded as those of an inverse transform whose parts are swapped. */
typedef struct {
    int32_t blocks;
    int32_t m;
    int32_t inverse;
    const tk_fft_element *twiddles;
} tk_fft_odd_stage;

/* Column k of block q, turned. */
static inline tk_fft_complex tk_fft_odd_load(const tk_fft_element *y, const tk_fft_odd_stage *stage, int32_t radix,
                                             int32_t q, int32_t k)
{
    return tk_fft_times(tk_fft_load(y + 2 * q * stage->m, radix), stage->twiddles + 2 * q * k * stage->blocks);
}

static inline void tk_fft_radix3(tk_fft_element *y, const tk_fft_odd_stage *stage, int32_t k)
{
    const int32_t step = 2 * stage->m;
    const int32_t first = stage->inverse ? 2 : 1;
    const int32_t second = 3 - first;
    const tk_fft_element *const root = stage->twiddles + stage->blocks * step;
    const tk_fft_complex x = tk_fft_load(y, 3);
    const tk_fft_complex a = tk_fft_odd_load(y, stage, 3, first, k);
    const tk_fft_complex b = tk_fft_odd_load(y, stage, 3, second, k);
    const tk_fft_complex sum = tk_fft_plus(a, b);
    const tk_fft_complex half = {tk_fft_half(sum.re), tk_fft_half(sum.im)};
    const tk_fft_complex centre = tk_fft_minus(x, half);
    const tk_fft_complex side = tk_fft_scaled(tk_fft_minus(a, b), root[1]);

    tk_fft_store(y, tk_fft_plus(x, sum));
    tk_fft_store(y + first * step, tk_fft_plus_turned(centre, side));
    tk_fft_store(y + second * step, tk_fft_minus_turned(centre, side));
}

static inline void tk_fft_radix5(tk_fft_element *y, const tk_fft_odd_stage *stage, int32_t k)
{
    const int32_t step = 2 * stage->m;
    const int32_t first = stage->inverse ? 4 : 1;
    const int32_t second = stage->inverse ? 3 : 2;
    const tk_fft_element *const root = stage->twiddles + stage->blocks * step;
    const tk_fft_element *const square = root + stage->blocks * step;
    const tk_fft_complex x = tk_fft_load(y, 5);
    const tk_fft_complex a = tk_fft_odd_load(y, stage, 5, first, k);
    const tk_fft_complex b = tk_fft_odd_load(y, stage, 5, second, k);
    const tk_fft_complex c = tk_fft_odd_load(y, stage, 5, 5 - second, k);
    const tk_fft_complex d = tk_fft_odd_load(y, stage, 5, 5 - first, k);
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
    tk_fft_store(y + first * step, tk_fft_plus_turned(near, near_side));
    tk_fft_store(y + second * step, tk_fft_plus_turned(far, far_side));
    tk_fft_store(y + (5 - second) * step, tk_fft_minus_turned(far, far_side));
    tk_fft_store(y + (5 - first) * step, tk_fft_minus_turned(near, near_side));
}

static inline void tk_fft_odd_frames(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape,
                                     int32_t radix)
{
    const tk_fft_odd_stage stage = {shape->n / (radix * shape->m), shape->m, shape->inverse, twiddles};

    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        tk_fft_element *block = y + frame * shape->stride;

        for (int32_t i = 0; i < stage.blocks; ++i) {
            for (int32_t k = 0; k < stage.m; ++k) {
                if (radix == 3) {
                    tk_fft_radix3(block, &stage, k);
                } else {
                    tk_fft_radix5(block, &stage, k);
                }
                block += 2;
            }
            block += 2 * (radix - 1) * stage.m;
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
