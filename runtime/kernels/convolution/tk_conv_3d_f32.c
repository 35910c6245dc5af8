/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_3d_f32.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_volume_walk.h"

/* y[n] += sum over c of x[c] * w[c, n]. */
static void add_products(float *y, const float *x, const float *w, const tk_volume_shape *s)
{
    for (int32_t c = 0; c < s->inner_c; ++c) {
        for (int32_t n = 0; n < s->outer_c; ++n) {
            y[n] += x[c] * w[c * s->outer_c + n];
        }
    }
}

void tk_conv_3d_f32(const float *restrict x, const float *restrict w, const float *restrict bias, float *restrict y,
                    const tk_volume_shape *shape, tk_range_f32 range)
{
    const tk_volume_shape *s = shape;
    const int32_t positions = s->outer[0] * s->outer[1] * s->outer[2];
    const int32_t image = s->inner[0] * s->inner[1] * s->inner[2] * s->inner_c;

    for (int32_t i = 0; i < s->batch * positions; ++i) {
        const tk_volume_window window = tk_volume_at(s, i % positions);
        float *const sum = y + i * s->outer_c;

        for (int32_t n = 0; n < s->outer_c; ++n) {
            sum[n] = 0.0f;
        }
        for (int32_t k = 0; k < tk_volume_pairs(&window); ++k) {
            const tk_volume_pair pair = tk_volume_pair_at(s, &window, k);

            add_products(sum, x + i / positions * image + pair.inner * s->inner_c, w + pair.tap * s->inner_c * s->outer_c, s);
        }
        for (int32_t n = 0; n < s->outer_c; ++n) {
            sum[n] = tk_limit_f32(sum[n] + (bias != NULL ? bias[n] : 0.0f), range);
        }
    }
}
