/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rnn_f32.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"
#include "tk_dot_f32.h"

void tk_rnn_f32(const float *restrict x, const float *restrict input, const float *restrict recurrent,
                const float *restrict bias, float *restrict hidden, float *restrict y, const tk_rnn_shape *shape,
                int32_t activation)
{
    const tk_lstm_shape s = shape->rows;

    for (int32_t b = 0; b < s.batch; ++b) {
        const float *before = hidden;

        for (int32_t t = 0; t < s.steps; ++t) {
            const int32_t row = b * s.batch_rows + (shape->reverse ? s.steps - 1 - t : t) * s.step_rows;
            float *out = y + row * shape->y_pitch;
            int32_t lanes;

            for (int32_t u = 0; u < s.units; u += lanes) {
                float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

                lanes = s.units - u >= 4 ? 4 : 1;
                if (lanes == 4) {
                    tk_dot4_f32(sum, x + row * s.inputs, input + u * s.inputs, s.inputs, s.inputs);
                    tk_dot4_f32(sum, before, recurrent + u * s.units, s.units, s.units);
                } else {
                    sum[0] = tk_dot1_f32(0.0f, x + row * s.inputs, input + u * s.inputs, s.inputs);
                    sum[0] = tk_dot1_f32(sum[0], before, recurrent + u * s.units, s.units);
                }
                for (int32_t lane = 0; lane < lanes; ++lane) {
                    out[u + lane] = tk_activate_f32(sum[lane] + bias[u + lane], activation);
                }
            }
            before = out;
        }
        memcpy(hidden, before, (size_t)s.units * sizeof *hidden);
        hidden += s.units;
    }
}
