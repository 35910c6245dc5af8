/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_copy_strided.h"

#include <string.h>

#include "tk_walk.h"

/* n elements that lie x_step and y_step bytes apart. A memcpy of constant size is one load and one store. */
static void copy_row(const uint8_t *x, int32_t x_step, uint8_t *y, int32_t y_step, int32_t n, int32_t element_bytes)
{
    switch (element_bytes) {
    case 1:
        for (int32_t i = 0; i < n; ++i) {
            y[i * y_step] = x[i * x_step];
        }
        break;
    case 2:
        for (int32_t i = 0; i < n; ++i) {
            memcpy(y + i * y_step, x + i * x_step, 2);
        }
        break;
    case 4:
        for (int32_t i = 0; i < n; ++i) {
            memcpy(y + i * y_step, x + i * x_step, 4);
        }
        break;
    default:
        for (int32_t i = 0; i < n; ++i) {
            memcpy(y + i * y_step, x + i * x_step, 8);
        }
        break;
    }
}

void tk_copy_strided(const void *x, void *y, const tk_copy_shape *shape, int32_t element_bytes)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;
    const int32_t last = shape->rank - 1;
    const int32_t n = shape->dims[last];
    const int32_t x_step = shape->x_stride[last] * element_bytes;
    const int32_t y_step = shape->y_stride[last] * element_bytes;
    tk_walk walk = tk_walk_start();

    do {
        const uint8_t *x_row = from + walk.offset1 * element_bytes;
        uint8_t *y_row = to + walk.offset2 * element_bytes;

        if (x_step == element_bytes && y_step == element_bytes) {
            memcpy(y_row, x_row, (size_t)(n * element_bytes));
        } else {
            copy_row(x_row, x_step, y_row, y_step, n, element_bytes);
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->x_stride, shape->y_stride));
}
