/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s2.h"

#include <math.h>
#include <stddef.h>

#include "tk_double.h"
#include "tk_int2.h"
#include "tk_math.h"

/* Clamped before the conversion: the product may lie outside int32. */
static int8_t rescale(int32_t acc, float weight_scale, const tk_fully_connected_litert_s8_params *p)
{
    const double scale = (double)p->input_scale * (double)weight_scale / (double)p->output_scale;
    const double y = round((double)acc * scale) + (double)p->output_offset;
    const double raised = y < (double)p->min ? (double)p->min : y;

    return (int8_t)(raised > (double)p->max ? (double)p->max : raised);
}

void tk_fully_connected_litert_s2(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                  const float *restrict weight_scales, int8_t *restrict y,
                                  const tk_fully_connected_litert_s8_params *params)
{
    const int32_t depth = params->depth;

    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < params->outputs; ++o) {
            const int32_t sum = tk_dot_s2(x + b * depth, depth, w, o * depth, params->input_offset);
            const int32_t acc = tk_wrapping_add(sum, bias != NULL ? bias[o] : 0);

            *y++ = rescale(acc, weight_scales[o * params->scale_step], params);
        }
    }
}
