/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_svdf_s8.h"

#include <stddef.h>
#include <string.h>

#include "tk_dot_s8.h"
#include "tk_math.h"

static int8_t remembered(int32_t sum, const tk_svdf_s8_params *p)
{
    const int32_t value = tk_limit_s8(tk_requantize(sum, p->state_multiplier, p->state_shift), -128, 127) + p->state_offset;

    return (int8_t)(value > 127 ? value - 256 : value < -128 ? value + 256 : value);
}

/* The newest result of each filter. */
static void features(const int8_t *x, const int8_t *weights, const int32_t *bias, int8_t *newest,
                     const tk_svdf_s8_params *p)
{
    const int32_t filters = p->shape.units * p->shape.rank;
    const int32_t inputs = p->shape.inputs;
    int32_t lanes;

    for (int32_t f = 0; f < filters; f += lanes) {
        int32_t sum[4] = {0, 0, 0, 0};

        lanes = filters - f >= 4 ? 4 : 1;
        if (lanes == 4) {
            tk_dot4_s8(sum, x, weights + f * inputs, inputs, inputs);
        } else {
            sum[0] = tk_dot1_s8(x, weights + f * inputs, inputs);
        }
        for (int32_t lane = 0; lane < lanes; ++lane) {
            newest[(f + lane) * p->shape.memory] = remembered(tk_wrapping_add(sum[lane], bias[f + lane]), p);
        }
    }
}

void tk_svdf_s8(const int8_t *restrict x, const int8_t *restrict feature, const int32_t *restrict feature_bias,
                const int8_t *restrict time, const int32_t *restrict bias, int8_t *restrict state, int8_t *restrict y,
                const tk_svdf_s8_params *params)
{
    const tk_svdf_shape s = params->shape;
    const int32_t filters = s.units * s.rank;
    const int32_t unit_memory = s.rank * s.memory;

    memmove(state, state + 1, (size_t)(s.batch * filters * s.memory - 1));
    for (int32_t b = 0; b < s.batch; ++b) {
        features(x + b * s.inputs, feature, feature_bias, state + s.memory - 1, params);
        for (int32_t u = 0; u < s.units; ++u) {
            const int32_t sum = tk_wrapping_add(tk_dot1_s8(state, time + u * unit_memory, unit_memory), bias[u]);
            const int32_t scaled = tk_requantize(sum, params->output_multiplier, params->output_shift);

            *y++ = tk_limit_s8(tk_wrapping_add(scaled, params->output_offset), -128, 127);
            state += unit_memory;
        }
    }
}
