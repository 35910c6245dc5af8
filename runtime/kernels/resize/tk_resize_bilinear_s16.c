/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_resize_bilinear_s16.h"

#include "tk_math.h"

/* The two input pixels next to a position, and the second one's weight in 1/1024. */
typedef struct {
    int32_t lower;
    int32_t upper;
    int32_t weight;
} neighbours;

static neighbours locate(int32_t position, int32_t size)
{
    neighbours found;

    found.lower = tk_limit_index(position / 1024, size);
    found.upper = tk_limit_index((position + 1023) / 1024, size);
    found.weight = position - 1024 * found.lower;
    return found;
}

void tk_resize_bilinear_s16(const int16_t *restrict x, int16_t *restrict y, int32_t in_row, int32_t out_row,
                            int32_t rows, const tk_resize_s8_shape *shape)
{
    const tk_resize_sizes s = shape->sizes;
    const int32_t row_size = s.in_w * s.channels;

    for (int32_t n = 0; n < s.batch; ++n) {
        for (int32_t h = out_row; h < out_row + rows; ++h) {
            const neighbours row = locate(h * shape->scale_h + shape->offset_h, s.in_h);
            const int16_t *upper = x + (n * s.in_h + row.lower - in_row) * row_size;
            const int16_t *lower = x + (n * s.in_h + row.upper - in_row) * row_size;

            for (int32_t w = 0; w < s.out_w; ++w) {
                const neighbours column = locate(w * shape->scale_w + shape->offset_w, s.in_w);
                const int32_t left = column.lower * s.channels;
                const int32_t right = column.upper * s.channels;

                for (int32_t c = 0; c < s.channels; ++c) {
                    const int64_t top = upper[left + c] * (1024 - column.weight) + upper[right + c] * column.weight;
                    const int64_t bottom = lower[left + c] * (1024 - column.weight) + lower[right + c] * column.weight;
                    const int64_t sum = top * (1024 - row.weight) + bottom * row.weight;

                    *y++ = (int16_t)((sum + (sum > 0 ? INT32_C(1) << 19 : -(INT32_C(1) << 19))) / (INT32_C(1) << 20));
                }
            }
        }
    }
}
