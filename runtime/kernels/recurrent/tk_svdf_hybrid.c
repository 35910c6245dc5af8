/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_svdf_hybrid.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"

static float dot(const int8_t *time, const float *state, float scale, int32_t n)
{
    float sum = 0.0f;

    for (int32_t i = 0; i < n; ++i) {
        sum += (float)time[i] * scale * state[i];
    }
    return sum;
}

void tk_svdf_hybrid(const float *restrict x, const tk_dynamic_weights *feature, const int8_t *restrict time,
                    const float *restrict bias, float *restrict state, float *restrict y, int8_t *restrict quantized,
                    const tk_svdf_shape *shape, float time_scale, int32_t activation)
{
    const tk_svdf_shape s = *shape;
    const int32_t filters = s.units * s.rank;
    const int32_t unit_memory = s.rank * s.memory;

    if (s.batch * filters * s.memory > 1) {
        memmove(state, state + 1, (size_t)(s.batch * filters * s.memory - 1) * sizeof *state);
    }
    for (int32_t b = 0; b < s.batch; ++b) {
        for (int32_t f = 1; f <= filters; ++f) {
            state[f * s.memory - 1] = 0.0f;
        }
        tk_dynamic_products_s8(x + b * s.inputs, feature, s.inputs, filters, state + s.memory - 1, s.memory, quantized);
        for (int32_t u = 0; u < s.units; ++u) {
            const float sum = dot(time + u * unit_memory, state, time_scale, unit_memory);

            *y++ = tk_activate_f32(bias != NULL ? sum + bias[u] : sum, activation);
            state += unit_memory;
        }
    }
}
