/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rnn_hybrid.h"

#include <stddef.h>
#include <string.h>

#include "tk_activation_f32.h"

void tk_rnn_hybrid(const float *restrict x, const tk_dynamic_weights *input, const tk_dynamic_weights *recurrent,
                   const float *restrict bias, float *restrict hidden, float *restrict y, int8_t *restrict quantized,
                   const tk_rnn_shape *shape, int32_t activation)
{
    const tk_lstm_shape s = shape->rows;

    for (int32_t b = 0; b < s.batch; ++b) {
        const float *before = hidden;

        for (int32_t t = 0; t < s.steps; ++t) {
            const int32_t row = b * s.batch_rows + (shape->reverse ? s.steps - 1 - t : t) * s.step_rows;
            float *out = y + row * shape->y_pitch;

            memcpy(out, bias, (size_t)s.units * sizeof *out);
            tk_dynamic_products_s8(x + row * s.inputs, input, s.inputs, s.units, out, 1, quantized);
            tk_dynamic_products_s8(before, recurrent, s.units, s.units, out, 1, quantized);
            for (int32_t u = 0; u < s.units; ++u) {
                out[u] = tk_activate_f32(out[u], activation);
            }
            before = out;
        }
        memcpy(hidden, before, (size_t)s.units * sizeof *hidden);
        hidden += s.units;
    }
}
