/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_svdf_dsp_*: TK_STATE is the type of a state's element, TK_REMEMBER its
 * kernel tk_remember_*. Internal. */
#ifndef TK_SVDF_DSP_BODY_H
#define TK_SVDF_DSP_BODY_H

#include "tk_codes_s8.h"
#include "tk_dense_sums_s8.h"
#include "tk_svdf_dsp.h"
#include "tk_widen_row.h"
#include "tk_widen_s8.h"

#ifdef TK_STATE

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_svdf_dsp_batch(const int8_t *restrict x, TK_STATE *restrict state, int8_t *restrict y,
                                     const tk_svdf_dsp *layer, int32_t *restrict sums)
{
    const TK_STATE *const weights = (const TK_STATE *)layer->weights;
    const int32_t filters = layer->memory.units * layer->memory.rank;
    uint32_t *const widened = (uint32_t *)(sums + layer->feature.outputs);

    for (int32_t b = 0; b < layer->batch; ++b) {
        const int32_t sum = tk_widen_row(x + b * layer->inputs, layer->inputs, widened);

        tk_dense_sums_s8(widened, sums, &layer->feature, 128 * sum);
        tk_rescale_s16(sums, layer->feature.outputs, &layer->newest);
        TK_REMEMBER(state + b * filters * layer->memory.memory, weights, sums, &layer->memory);
        tk_codes_s8(sums, layer->memory.units, y + b * layer->memory.units, &layer->output);
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
