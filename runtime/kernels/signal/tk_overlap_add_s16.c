/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_overlap_add_s16.h"

#include "tk_math.h"

void tk_overlap_add_s16(const int16_t *x, int16_t *tail, int16_t *y, int32_t streams, int32_t frames, int32_t size,
                        int32_t step)
{
    const int32_t reach = size - step;

    for (int32_t frame = 0; frame < streams * frames; ++frame) {
        for (int32_t i = 0; i < size; ++i) {
            const int32_t sum = i < reach ? (int32_t)x[i] + tail[i] : x[i];
            int16_t *const to = i < step ? y + i : tail + (i - step);

            *to = tk_limit_s16(sum, INT16_MIN, INT16_MAX);
        }
        x += size;
        y += step;
        tail += (frame + 1) % frames == 0 ? reach : 0;
    }
}
