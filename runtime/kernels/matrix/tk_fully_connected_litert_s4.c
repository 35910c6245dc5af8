/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s4.h"

#include <math.h>
#include <stddef.h>

#include "tk_double.h"
#include "tk_math.h"
#include "tk_patch_s4.h"

/* Clamped before the conversion: the product may lie outside int32. */
static int8_t rescale(int32_t acc, float weight_scale, const tk_fully_connected_litert_s8_params *p)
{
    const double scale = (double)p->input_scale * (double)weight_scale / (double)p->output_scale;
    const double y = round((double)acc * scale) + (double)p->output_offset;
    const double raised = y < (double)p->min ? (double)p->min : y;

    return (int8_t)(raised > (double)p->max ? (double)p->max : raised);
}

void tk_fully_connected_litert_s4(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                  const float *restrict weight_scales, int8_t *restrict y,
                                  const tk_fully_connected_litert_s8_params *params)
{
    const int32_t depth = params->depth;
    int32_t lanes;

    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t first = 0; first < params->outputs; first += lanes) {
            int32_t sum[4] = {0};

            lanes = params->outputs - first >= 4 ? 4 : 1;
            tk_dots_s4(sum, lanes, x, depth, w, first * depth, depth, params->input_offset);
            for (int32_t o = first; o < first + lanes; ++o) {
                const int32_t acc = tk_wrapping_add(sum[o - first], bias != NULL ? bias[o] : 0);

                *y++ = rescale(acc, weight_scales[o * params->scale_step], params);
            }
        }
        x += depth;
    }
}
