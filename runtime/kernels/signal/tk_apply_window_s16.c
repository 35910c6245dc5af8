/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_apply_window_s16.h"

void tk_apply_window_s16(const int16_t *x, const int16_t *weights, int16_t *y, int32_t frames, int32_t size,
                         int32_t shift)
{
    for (; frames > 0; --frames) {
        for (int32_t i = 0; i < size; ++i) {
            const int32_t raw = ((int32_t)*x++ * weights[i]) >> shift;

            *y++ = (int16_t)(raw > INT16_MAX ? INT16_MAX : raw < INT16_MIN ? INT16_MIN : raw);
        }
    }
}
