/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_svdf_time_s8.h"

#include <string.h>

#include "tk_mve_stream.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_svdf_time_s8(const int8_t *newest, int8_t *state, int8_t *y, const tk_mve_svdf_time *layer)
{
    const int8_t *weights = (const int8_t *)layer->weights;

    memmove(state, state + 1, (size_t)(layer->units * layer->length - 1) * sizeof *state);
    for (int32_t f = 0; f < layer->filters; ++f) {
        const int32_t sum = newest[f] + layer->state_offset;

        state[(f + 1) * layer->memory - 1] = (int8_t)(sum > INT8_MAX ? sum - UINT8_MAX - 1 : sum < INT8_MIN ? sum + UINT8_MAX + 1 : sum);
    }
    for (int32_t u = 0; u < layer->units; ++u) {
        uint32_t sum = (uint32_t)layer->bias[u];

        for (int32_t i = 0; i < layer->length; ++i) {
            sum += (uint32_t)((int32_t)state[u * layer->length + i] * weights[u * layer->length + i]);
        }

        const int32_t scaled = tk_mve_requantized((int32_t)sum, layer->multiplier, -layer->minus_shift);
        const int32_t code = tk_mve_wrapped(scaled, layer->offset);

        y[u] = (int8_t)(code > INT8_MAX ? INT8_MAX : code < INT8_MIN ? INT8_MIN : code);
    }
}

#endif
