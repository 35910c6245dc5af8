/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies of the kernels tk_rfft_load_*, tk_rfft_split_*, tk_irfft_load_* and tk_irfft_swap_*: what stands before and
 * after a complex FFT of half the length. Internal. */
#ifndef TK_RFFT_BODY_H
#define TK_RFFT_BODY_H

#include "tk_fft_arithmetic.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_rfft_load(const tk_fft_element *x, tk_fft_element *y, const int16_t *positions, int32_t length,
                                const tk_fft_shape *shape)
{
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        for (int32_t k = 0; k < length / 2; ++k) {
            tk_fft_element *const point = y + 2 * (int32_t)positions[k];

            point[0] = *x++;
            point[1] = *x++;
        }
        for (int32_t k = length / 2; k < shape->n; ++k) {
            tk_fft_element *const point = y + 2 * (int32_t)positions[k];

            point[0] = 0;
            point[1] = 0;
        }
        if (length % 2 != 0) {
            y[2 * (int32_t)positions[length / 2]] = *x++;
        }
        y += shape->stride;
    }
}

/* What two points, the second one mirrored, have in common, and what they differ by, turned by the factor t. */
typedef struct {
    tk_fft_complex sum;
    tk_fft_complex turned;
} tk_rfft_pair;

static inline tk_rfft_pair tk_rfft_join(tk_fft_complex a, tk_fft_complex b, const tk_fft_element *t)
{
    const tk_fft_complex turned = tk_fft_times(tk_fft_minus(a, b), t);
    const tk_rfft_pair pair = {tk_fft_plus(a, b), {(tk_fft_element)turned.re, (tk_fft_element)turned.im}};

    return pair;
}

static inline tk_fft_element tk_rfft_negative(tk_fft_element x)
{
    return (tk_fft_element)tk_fft_subtract(0, x);
}

static inline void tk_rfft_split(tk_fft_element *y, const tk_fft_element *twiddles, const tk_fft_shape *shape)
{
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        const tk_fft_complex first = tk_fft_load(y, 2);
        const tk_fft_element *t = twiddles;
        tk_fft_element *near = y;
        tk_fft_element *far = y + 2 * shape->n;

        near[0] = (tk_fft_element)tk_fft_add(first.re, first.im);
        far[0] = (tk_fft_element)tk_fft_subtract(first.re, first.im);
        near[1] = 0;
        far[1] = 0;
        for (int32_t k = shape->n / 2; k > 0; --k) {
            near += 2;
            far -= 2;
            const tk_fft_element mirrored[2] = {far[0], tk_rfft_negative(far[1])};
            const tk_rfft_pair pair = tk_rfft_join(tk_fft_load(near, 2), tk_fft_load(mirrored, 2), t);
            const tk_fft_complex above = tk_fft_plus(pair.sum, pair.turned);
            const tk_fft_complex below = tk_fft_minus(pair.sum, pair.turned);

            near[0] = (tk_fft_element)tk_fft_half(above.re);
            near[1] = (tk_fft_element)tk_fft_half(above.im);
            far[0] = (tk_fft_element)tk_fft_half(below.re);
            far[1] = (tk_fft_element)tk_fft_half(tk_fft_subtract(0, below.im));
            t += 2;
        }
        y += shape->stride;
    }
}

/* All points with their parts swapped: then the transform does what the inverse does to them as they are. */
static inline void tk_irfft_load(const tk_fft_element *x, tk_fft_element *y, const int16_t *positions,
                                 const tk_fft_element *twiddles, int32_t length, const tk_fft_shape *shape)
{
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        const tk_fft_element *near = x;
        const tk_fft_element *far = x + 2 * shape->n;
        const tk_fft_element *t = twiddles;
        const tk_fft_element first[2] = {(tk_fft_element)tk_fft_subtract(near[0], far[0]),
                                         (tk_fft_element)tk_fft_add(near[0], far[0])};

        tk_fft_store(y, tk_fft_load(first, 2));
        for (int32_t k = 1; k <= shape->n / 2; ++k) {
            near += 2;
            far -= 2;
            const tk_fft_element swapped[2] = {near[1], near[0]};
            const tk_fft_element mirrored[2] = {tk_rfft_negative(far[1]), far[0]};
            const tk_rfft_pair pair = tk_rfft_join(tk_fft_load(swapped, 2), tk_fft_load(mirrored, 2), t);
            const tk_fft_complex below = tk_fft_minus(pair.sum, pair.turned);
            const tk_fft_complex image = {tk_fft_subtract(0, below.re), below.im};

            tk_fft_store(y + 2 * (int32_t)positions[k], tk_fft_plus(pair.sum, pair.turned));
            tk_fft_store(y + 2 * (int32_t)positions[shape->n - k], image);
            t += 2;
        }
        x += length;
        y += shape->stride;
    }
}

/* Back from swapped parts. Floats are divided by the length of the transform. */
static inline void tk_irfft_swap(tk_fft_element *y, const tk_fft_shape *shape)
{
    for (int32_t frame = 0; frame < shape->frames; ++frame) {
        for (int32_t i = 0; i < 2 * shape->n; i += 2) {
            const tk_fft_element re = y[i + 1];

            y[i + 1] = tk_fft_share(y[i], 2 * shape->n);
            y[i] = tk_fft_share(re, 2 * shape->n);
        }
        y += shape->stride;
    }
}

#ifdef __cplusplus
}
#endif

#endif
