/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_fft_s16, tk_fft_s32 and tk_fft_f32: stages of radix 2 and 4. Internal. */
#ifndef TK_FFT_STAGES_H
#define TK_FFT_STAGES_H

#include "tk_fft_point.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a stage does. The first of its factors is 1, whose rounded product changes nothing: column 0 is done without. */
typedef struct {
    tk_fft_element *y;
    int32_t blocks; /* that it makes */
    int32_t m;      /* points in each of the blocks that it finds */
    const tk_fft_element *twiddles;
} tk_fft_stage;

static inline void tk_fft_butterfly2(tk_fft_element *y, int32_t step, tk_fft_point a)
{
    const tk_fft_point x = tk_fft_point_load(y, 2);

    tk_fft_point_store(y, tk_fft_point_plus(x, a));
    tk_fft_point_store(y + step, tk_fft_point_minus(x, a));
}

static inline void tk_fft_radix2(const tk_fft_stage *stage)
{
    const int32_t step = 2 * stage->m;
    tk_fft_element *y = stage->y;

    for (int32_t block = stage->blocks; block > 0; --block) {
        const tk_fft_element *t = stage->twiddles;

        tk_fft_butterfly2(y, step, tk_fft_point_load(y + step, 2));
        for (int32_t k = stage->m; k > 1; --k) {
            y += 2;
            tk_fft_butterfly2(y, step, tk_fft_point_times(tk_fft_point_load(y + step, 2), t));
            t += 2;
        }
        y += 2 + step;
    }
}

static inline void tk_fft_butterfly4(tk_fft_element *y, int32_t step, tk_fft_point b, tk_fft_point a,
                                     tk_fft_point c)
{
    const tk_fft_point x = tk_fft_point_load(y, 4);
    const tk_fft_point even = tk_fft_point_plus(x, b);
    const tk_fft_point odd = tk_fft_point_minus(x, b);
    const tk_fft_point sum = tk_fft_point_plus(a, c);
    const tk_fft_point difference = tk_fft_point_minus(a, c);

    tk_fft_point_store(y, tk_fft_point_plus(even, sum));
    tk_fft_point_store(y + step, tk_fft_point_minus_turned(odd, difference));
    tk_fft_point_store(y + 2 * step, tk_fft_point_minus(even, sum));
    tk_fft_point_store(y + 3 * step, tk_fft_point_plus_turned(odd, difference));
}

static inline void tk_fft_radix4_column(const tk_fft_stage *stage)
{
    const int32_t step = 2 * stage->m;
    tk_fft_element *y = stage->y;

    for (int32_t block = stage->blocks; block > 0; --block) {
        tk_fft_butterfly4(y, step, tk_fft_point_load(y + 2 * step, 4), tk_fft_point_load(y + step, 4),
                          tk_fft_point_load(y + 3 * step, 4));
        y += 4 * step;
    }
}

static inline void tk_fft_radix4_rest(const tk_fft_stage *stage)
{
    const int32_t step = 2 * stage->m;
    tk_fft_element *y = stage->y;

    for (int32_t block = stage->blocks; block > 0; --block) {
        const tk_fft_element *t = stage->twiddles;

        for (int32_t k = stage->m; k > 1; --k) {
            y += 2;
            tk_fft_butterfly4(y, step, tk_fft_point_times(tk_fft_point_load(y + 2 * step, 4), t + 2),
                              tk_fft_point_times(tk_fft_point_load(y + step, 4), t),
                              tk_fft_point_times(tk_fft_point_load(y + 3 * step, 4), t + 4));
            t += 6;
        }
        y += 2 + 3 * step;
    }
}

static inline void tk_fft_frame(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape)
{
    tk_fft_stage stage = {y, shape->n / shape->m, shape->m, twiddles};

    if (stage.blocks % 3 == 2) { /* 2, 8, 32, ...: an odd power of two */
        stage.blocks /= 2;
        tk_fft_radix2(&stage);
        stage.twiddles += 2 * (stage.m - 1);
        stage.m *= 2;
    }
    while (stage.blocks > 1) {
        stage.blocks /= 4;
        tk_fft_radix4_column(&stage);
        tk_fft_radix4_rest(&stage);
        stage.twiddles += 6 * (stage.m - 1);
        stage.m *= 4;
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
