/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels tk_mve_svdf_time_* compute, in C: TK_RESULT is the type of a result, from TK_LEAST to TK_MOST. Internal. */
#ifndef TK_MVE_SVDF_TIME_TWIN_H
#define TK_MVE_SVDF_TIME_TWIN_H

#include <string.h>
#include "tk_mve_stream.h"

#ifdef TK_RESULT

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_mve_svdf_time_results(const TK_RESULT *newest, TK_RESULT *state, int8_t *y, const tk_mve_svdf_time *layer)
{
    const TK_RESULT *const weights = (const TK_RESULT *)layer->weights;
    const int32_t codes = (int32_t)TK_MOST - TK_LEAST + 1;

    memmove(state, state + 1, (size_t)(layer->units * layer->length - 1) * sizeof *state);
    for (int32_t f = 0; f < layer->filters; ++f) {
        const int32_t sum = newest[f] + layer->state_offset;

        state[(f + 1) * layer->memory - 1] = (TK_RESULT)(sum > TK_MOST ? sum - codes : sum < TK_LEAST ? sum + codes : sum);
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

#ifdef __cplusplus
}
#endif

#endif

#endif
