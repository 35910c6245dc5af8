/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft2d_f32.h"

#include "tk_double.h"

typedef struct {
    double re;
    double im;
} point;

static point times(point a, point b)
{
    return (point){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

static point twiddle(const float *twiddles, int32_t k)
{
    const float *t = twiddles + 4 * k;

    return (point){(double)t[0] + (double)t[1], (double)t[2] + (double)t[3]};
}

static void exchange(point *a, point *b, int32_t width)
{
    for (int32_t i = 0; i < width; ++i) {
        const point kept = a[i];

        a[i] = b[i];
        b[i] = kept;
    }
}

/* Elements of `width` points each into the order in which the stages read them: that of their numbers with the bits reversed. */
static void reverse_bits(point *z, int32_t count, int32_t width)
{
    int32_t mirror = 0;

    for (int32_t i = 1; i < count; ++i) {
        int32_t bit = count / 2;

        while (mirror >= bit) { /* adds 1 to the reversed number */
            mirror -= bit;
            bit /= 2;
        }
        mirror += bit;
        if (i < mirror) {
            exchange(z + i * width, z + mirror * width, width);
        }
    }
}

/* (a, b) -> (a + t b, a - t b), point by point of two elements. */
static void butterfly(point *a, point *b, int32_t width, point t)
{
    for (int32_t i = 0; i < width; ++i) {
        const point turned = times(b[i], t);

        b[i] = (point){a[i].re - turned.re, a[i].im - turned.im};
        a[i] = (point){a[i].re + turned.re, a[i].im + turned.im};
    }
}

/* The transform of `count` elements of `width` points, which are transformed side by side. exp(-2 pi i k / count) is twiddle
 * step * k. */
static void transform(point *z, int32_t count, int32_t width, const float *twiddles, int32_t step)
{
    reverse_bits(z, count, width);
    for (int32_t half = 1; half < count; half *= 2) {
        const int32_t stride = count / 2 / half * step;

        for (int32_t i = 0; i < count; ++i) {
            const int32_t k = i % (2 * half);

            if (k < half) {
                butterfly(z + i * width, z + (i + half) * width, width, twiddle(twiddles, k * stride));
            }
        }
    }
}

/* The spectrum of 2 n real elements, n + 1 points, out of the transform of their n pairs. */
static void split(point *z, int32_t n, const float *twiddles)
{
    const point first = z[0];

    z[0] = (point){first.re + first.im, 0.0};
    z[n] = (point){first.re - first.im, 0.0};
    for (int32_t k = 1; k <= n / 2; ++k) {
        const point near = z[k];
        const point far = {z[n - k].re, -z[n - k].im};
        const point sum = {near.re + far.re, near.im + far.im};
        const point gap = times((point){near.re - far.re, near.im - far.im}, twiddle(twiddles, k));
        const point turned = {gap.im, -gap.re}; /* times -i */

        z[k] = (point){(sum.re + turned.re) / 2.0, (sum.im + turned.im) / 2.0};
        z[n - k] = (point){(sum.re - turned.re) / 2.0, (turned.im - sum.im) / 2.0};
    }
}

/* A row of x, two elements a point; count: elements that there are. */
static void load(const float *x, int32_t count, point *z, int32_t n)
{
    for (int32_t k = 0; k < n; ++k) {
        z[k].re = 2 * k < count ? (double)x[2 * k] : 0.0;
        z[k].im = 2 * k + 1 < count ? (double)x[2 * k + 1] : 0.0;
    }
}

void tk_rfft2d_f32(const float *restrict x, float *restrict y, const float *restrict row_twiddles,
                   const float *restrict column_twiddles, void *restrict z, const tk_rfft2d_shape *shape)
{
    const tk_rfft2d_shape *s = shape;
    const int32_t n = s->width / 2;
    const int32_t points = s->height * (n + 1);
    point *const image = (point *)z;

    for (int32_t i = 0; i < s->images; ++i) {
        for (int32_t r = 0; r < s->height; ++r) {
            point *const row = image + r * (n + 1);

            load(r < s->rows ? x + r * s->x_columns : x, r < s->rows ? s->columns : 0, row, n);
            transform(row, n, 1, row_twiddles, 2);
            split(row, n, row_twiddles);
        }
        if (s->height > 1) {
            transform(image, s->height, n + 1, column_twiddles, 1);
        }
        for (int32_t k = 0; k < points; ++k) {
            y[2 * k] = (float)image[k].re;
            y[2 * k + 1] = (float)image[k].im;
        }
        x += s->x_rows * s->x_columns;
        y += 2 * points;
    }
}
