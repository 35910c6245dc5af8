/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_resize_bilinear_f32.h"

#include "tk_resize.h"

void tk_resize_bilinear_f32(const float *restrict x, float *restrict y, int32_t in_row, int32_t out_row,
                            int32_t rows, const tk_resize_f32_shape *shape)
{
    const tk_resize_sizes s = shape->sizes;
    const int32_t row_size = s.in_w * s.channels;

    for (int32_t n = 0; n < s.batch; ++n) {
        for (int32_t h = out_row; h < out_row + rows; ++h) {
            const tk_neighbours row = tk_locate(h, shape->scale_h, shape->half_pixel_centers, s.in_h);
            const float *upper = x + (n * s.in_h + row.lower - in_row) * row_size;
            const float *lower = x + (n * s.in_h + row.upper - in_row) * row_size;

            for (int32_t w = 0; w < s.out_w; ++w) {
                const tk_neighbours column = tk_locate(w, shape->scale_w, shape->half_pixel_centers, s.in_w);
                const int32_t left = column.lower * s.channels;
                const int32_t right = column.upper * s.channels;

                for (int32_t c = 0; c < s.channels; ++c) {
                    *y++ = upper[left + c] * (1.0f - row.weight) * (1.0f - column.weight) +
                           lower[left + c] * row.weight * (1.0f - column.weight) +
                           upper[right + c] * (1.0f - row.weight) * column.weight +
                           lower[right + c] * row.weight * column.weight;
                }
            }
        }
    }
}
