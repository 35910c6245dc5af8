/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reverse_sequence.h"

#include <string.h>

static void reverse(const uint8_t *x, uint8_t *y, int32_t length, const tk_reverse_shape *shape)
{
    for (int32_t step = 0; step < shape->steps; ++step) {
        const int32_t source = step < length ? length - 1 - step : step;

        memcpy(y + step * shape->step_stride, x + source * shape->step_stride, (size_t)shape->row_bytes);
    }
}

void tk_reverse_sequence(const void *restrict x, const int32_t *restrict lengths, void *restrict y,
                         const tk_reverse_shape *shape)
{
    const tk_reverse_shape s = *shape;

    for (int32_t i = 0; i < s.dims[0]; ++i) {
        for (int32_t j = 0; j < s.dims[1]; ++j) {
            for (int32_t batch = 0; batch < s.dims[2]; ++batch) {
                const int32_t at = i * s.stride[0] + j * s.stride[1] + batch * s.stride[2];
                const int32_t length = lengths[batch] < s.steps ? lengths[batch] : s.steps;

                reverse((const uint8_t *)x + at, (uint8_t *)y + at, length, &s);
            }
        }
    }
}
