/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_resize_bilinear_u8.h"

#include "tk_resize.h"

void tk_resize_bilinear_u8(const uint8_t *restrict x, uint8_t *restrict y, int32_t in_row, int32_t out_row,
                           int32_t rows, const tk_resize_f32_shape *shape)
{
    const tk_resize_sizes s = shape->sizes;
    const int32_t row_size = s.in_w * s.channels;

    for (int32_t n = 0; n < s.batch; ++n) {
        for (int32_t h = out_row; h < out_row + rows; ++h) {
            const tk_neighbours row = tk_locate(h, shape->scale_h, shape->half_pixel_centers, s.in_h);
            const uint8_t *upper = x + (n * s.in_h + row.lower - in_row) * row_size;
            const uint8_t *lower = x + (n * s.in_h + row.upper - in_row) * row_size;

            for (int32_t w = 0; w < s.out_w; ++w) {
                const tk_neighbours column = tk_locate(w, shape->scale_w, shape->half_pixel_centers, s.in_w);
                const int32_t left = column.lower * s.channels;
                const int32_t right = column.upper * s.channels;

                for (int32_t c = 0; c < s.channels; ++c) {
                    const float mean = (float)upper[left + c] * (1.0f - row.weight) * (1.0f - column.weight) +
                                       (float)lower[left + c] * row.weight * (1.0f - column.weight) +
                                       (float)upper[right + c] * (1.0f - row.weight) * column.weight +
                                       (float)lower[right + c] * row.weight * column.weight;

                    *y++ = (uint8_t)(mean + 0.5f);
                }
            }
        }
    }
}
