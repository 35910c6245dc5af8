/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fft_columns_f32.h"

static void exchange(float *a, float *b, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        const float kept = a[i];

        a[i] = b[i];
        b[i] = kept;
    }
}

/* Rows into the order in which the stages read them: that of their numbers with the bits reversed. */
static void reverse_bits(float *y, int32_t height, int32_t row)
{
    int32_t mirror = 0;

    for (int32_t r = 1; r < height; ++r) {
        int32_t bit = height / 2;

        while (mirror >= bit) { /* adds 1 to the reversed number */
            mirror -= bit;
            bit /= 2;
        }
        mirror += bit;
        if (r < mirror) {
            exchange(y + r * row, y + mirror * row, row);
        }
    }
}

/* (a, b) -> (a + w b, a - w b), element by element of two rows of complex numbers. */
static void butterfly(float *a, float *b, int32_t row, float re, float im)
{
    for (int32_t i = 0; i < row; i += 2) {
        const float turned_re = b[i] * re - b[i + 1] * im;
        const float turned_im = b[i] * im + b[i + 1] * re;

        b[i] = a[i] - turned_re;
        b[i + 1] = a[i + 1] - turned_im;
        a[i] += turned_re;
        a[i + 1] += turned_im;
    }
}

static void transform(float *y, const float *twiddles, int32_t height, int32_t row)
{
    for (int32_t half = 1; half < height; half *= 2) {
        const int32_t step = height / 2 / half;

        for (int32_t r = 0; r < height; ++r) {
            const int32_t k = r % (2 * half);

            if (k < half) {
                butterfly(y + r * row, y + (r + half) * row, row, twiddles[2 * k * step], twiddles[2 * k * step + 1]);
            }
        }
    }
}

void tk_fft_columns_f32(float *y, const float *twiddles, int32_t images, int32_t height, int32_t width)
{
    for (int32_t i = 0; i < images; ++i) {
        float *const image = y + i * (2 * height * width);

        reverse_bits(image, height, 2 * width);
        transform(image, twiddles, height, 2 * width);
    }
}
