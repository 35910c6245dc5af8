/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_svdf_dsp_s8.h"

#include "tk_codes_s8.h"
#include "tk_dense_sums_s8.h"
#include "tk_remember_s8.h"
#include "tk_widen_row.h"
#include "tk_widen_s8.h"

void tk_svdf_dsp_s8(const int8_t *restrict x, int8_t *restrict state, int8_t *restrict y, const tk_svdf_dsp *layer,
                    int32_t *restrict sums)
{
    const int8_t *const weights = (const int8_t *)layer->weights;
    const int32_t filters = layer->memory.units * layer->memory.rank;
    uint32_t *const widened = (uint32_t *)(sums + layer->feature.outputs);

    for (int32_t b = 0; b < layer->batch; ++b) {
        const int32_t sum = tk_widen_row(x + b * layer->inputs, layer->inputs, widened);

        tk_dense_sums_s8(widened, sums, &layer->feature, 128 * sum);
        tk_rescale_s16(sums, layer->feature.outputs, &layer->newest);
        tk_remember_s8(state + b * filters * layer->memory.memory, weights, sums, &layer->memory);
        tk_codes_s8(sums, layer->memory.units, y + b * layer->memory.units, &layer->output);
    }
}
