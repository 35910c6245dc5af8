/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_svdf_f32.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"
#include "tk_dot_f32.h"

/* The newest result of each filter. */
static void features(const float *x, const float *weights, float *newest, int32_t filters, const tk_svdf_shape *s)
{
    int32_t lanes;

    for (int32_t f = 0; f < filters; f += lanes) {
        float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

        lanes = filters - f >= 4 ? 4 : 1;
        if (lanes == 4) {
            tk_dot4_f32(sum, x, weights + f * s->inputs, s->inputs, s->inputs);
        } else {
            sum[0] = tk_dot1_f32(sum[0], x, weights + f * s->inputs, s->inputs);
        }
        for (int32_t lane = 0; lane < lanes; ++lane) {
            newest[(f + lane) * s->memory] = sum[lane];
        }
    }
}

void tk_svdf_f32(const float *restrict x, const float *restrict feature, const float *restrict time,
                 const float *restrict bias, float *restrict state, float *restrict y, const tk_svdf_shape *shape,
                 int32_t activation)
{
    const tk_svdf_shape s = *shape;
    const int32_t filters = s.units * s.rank;

    if (s.batch * filters * s.memory > 1) {
        memmove(state, state + 1, (size_t)(s.batch * filters * s.memory - 1) * sizeof *state);
    }
    for (int32_t b = 0; b < s.batch; ++b) {
        const float *weights = time;

        features(x + b * s.inputs, feature, state + s.memory - 1, filters, &s);
        for (int32_t u = 0; u < s.units; ++u) {
            float sum = bias != NULL ? bias[u] : 0.0f;

            for (int32_t r = 0; r < s.rank; ++r) {
                sum += tk_dot1_f32(0.0f, weights, state, s.memory);
                weights += s.memory;
                state += s.memory;
            }
            *y++ = tk_activate_f32(sum, activation);
        }
    }
}
