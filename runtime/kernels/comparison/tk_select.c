/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_select.h"

#include <stddef.h>
#include <string.h>

/* The row whose first elements are at the pointers. A memcpy of constant size is one load or one store. */
static inline void select_row(const bool *condition, const uint8_t *x1, const uint8_t *x2, uint8_t *y,
                              const tk_select_shape *shape, size_t size)
{
    const int32_t last = shape->rank - 1;
    const int32_t n = shape->dims[last];
    const int32_t step = shape->condition_stride[last];
    const size_t step1 = (size_t)shape->stride1[last] * size;
    const size_t step2 = (size_t)shape->stride2[last] * size;

    for (int32_t i = 0; i < n; ++i) {
        uint64_t element;

        memcpy(&element, *condition ? x1 : x2, size);
        memcpy(y, &element, size);
        condition += step;
        x1 += step1;
        x2 += step2;
        y += size;
    }
}

void tk_select(const bool *condition, const void *x1, const void *x2, void *y, const tk_select_shape *shape,
               int32_t element_bytes)
{
    const uint8_t *from1 = (const uint8_t *)x1;
    const uint8_t *from2 = (const uint8_t *)x2;
    uint8_t *to = (uint8_t *)y;
    const int32_t last = shape->rank - 1;
    int32_t index[TK_MAX_RANK] = {0, 0, 0, 0, 0, 0};
    int32_t d;

    do {
        switch (element_bytes) {
        case 1:
            select_row(condition, from1, from2, to, shape, 1);
            break;
        case 2:
            select_row(condition, from1, from2, to, shape, 2);
            break;
        case 4:
            select_row(condition, from1, from2, to, shape, 4);
            break;
        default:
            select_row(condition, from1, from2, to, shape, 8);
            break;
        }
        to += shape->dims[last] * element_bytes;
        for (d = last - 1; d >= 0; --d) {
            const int32_t back = index[d] + 1 < shape->dims[d] ? 0 : shape->dims[d];

            index[d] += 1 - back;
            condition += shape->condition_stride[d] * (1 - back);
            from1 += shape->stride1[d] * element_bytes * (1 - back);
            from2 += shape->stride2[d] * element_bytes * (1 - back);
            if (back == 0) {
                break;
            }
        }
    } while (d >= 0);
}
