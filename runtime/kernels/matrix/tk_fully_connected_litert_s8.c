/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s8.h"

#include <math.h>
#include <stddef.h>

#include "tk_double.h"
#include "tk_math.h"

static int32_t dot(const int8_t *x, const int8_t *w, const tk_fully_connected_litert_s8_params *p)
{
    int32_t sum = 0;

    for (int32_t i = 0; i < p->depth; ++i) {
        sum += (x[i] + p->input_offset) * (w[i] + p->weights_offset);
    }
    return sum;
}

/* Clamped before the conversion: the product may lie outside int32. */
static int8_t rescale(int32_t acc, float weight_scale, const tk_fully_connected_litert_s8_params *p)
{
    const double scale = (double)p->input_scale * (double)weight_scale / (double)p->output_scale;
    const double y = round((double)acc * scale) + (double)p->output_offset;
    const double raised = y < (double)p->min ? (double)p->min : y;

    return (int8_t)(raised > (double)p->max ? (double)p->max : raised);
}

void tk_fully_connected_litert_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                  const float *restrict weight_scales, int8_t *restrict y,
                                  const tk_fully_connected_litert_s8_params *params)
{
    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < params->outputs; ++o) {
            const int32_t acc = tk_wrapping_add(dot(x, w + o * params->depth, params), bias != NULL ? bias[o] : 0);

            *y++ = rescale(acc, weight_scales[o * params->scale_step], params);
        }
        x += params->depth;
    }
}
