/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rfft2d_load_f32.h"

/* One row; count: elements of x that there are. */
static void load_row(const float *x, int32_t count, float *y, const int16_t *positions, int32_t n)
{
    for (int32_t k = 0; k < n; ++k) {
        const int32_t to = 2 * (int32_t)positions[k];

        y[to] = 2 * k < count ? x[2 * k] : 0.0f;
        y[to + 1] = 2 * k + 1 < count ? x[2 * k + 1] : 0.0f;
    }
}

void tk_rfft2d_load_f32(const float *x, float *y, const int16_t *positions, const tk_rfft2d_shape *shape)
{
    const tk_rfft2d_shape *s = shape;

    for (int32_t i = 0; i < s->images * s->height; ++i) {
        const int32_t row = i % s->height;
        const int32_t count = row < s->rows ? s->columns : 0;
        const int32_t from = count != 0 ? (i / s->height * s->x_rows + row) * s->x_columns : 0;

        load_row(x + from, count, y + i * (2 * s->n + 2), positions, s->n);
    }
}
