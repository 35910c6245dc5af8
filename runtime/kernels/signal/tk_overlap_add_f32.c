/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_overlap_add_f32.h"

void tk_overlap_add_f32(const float *x, float *tail, float *y, int32_t streams, int32_t frames, int32_t size,
                        int32_t step)
{
    const int32_t reach = size - step;

    for (int32_t frame = 0; frame < streams * frames; ++frame) {
        for (int32_t i = 0; i < size; ++i) {
            const float sum = i < reach ? tail[i] + x[i] : x[i];
            float *const to = i < step ? y + i : tail + (i - step);

            *to = sum;
        }
        x += size;
        y += step;
        tail += (frame + 1) % frames == 0 ? reach : 0;
    }
}
