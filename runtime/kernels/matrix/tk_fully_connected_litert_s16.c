/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_litert_s16.h"

#include <math.h>
#include <stddef.h>

#include "tk_double.h"
#include "tk_math.h"

static int64_t dot(const int16_t *x, const int8_t *w, int32_t depth)
{
    int64_t sum = 0;

    for (int32_t i = 0; i < depth; ++i) {
        sum += (int32_t)x[i] * w[i];
    }
    return sum;
}

static int64_t bias_at(const void *bias, int32_t o, int32_t narrow)
{
    if (bias == NULL) {
        return 0;
    }
    return narrow ? ((const int32_t *)bias)[o] : ((const int64_t *)bias)[o];
}

/* Clamped before the conversion: the product may lie outside int32. */
static int16_t rescale(int64_t acc, float weight_scale, const tk_fully_connected_litert_s16_params *p)
{
    const double scale = (double)p->input_scale * (double)weight_scale / (double)p->output_scale;
    const double y = round((double)acc * scale);
    const double raised = y < (double)p->min ? (double)p->min : y;

    return (int16_t)(raised > (double)p->max ? (double)p->max : raised);
}

void tk_fully_connected_litert_s16(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                                   const float *restrict weight_scales, int16_t *restrict y,
                                   const tk_fully_connected_litert_s16_params *params)
{
    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < params->outputs; ++o) {
            const int64_t sum = dot(x, w + o * params->depth, params->depth);
            const int64_t acc = tk_wrapping_add_s64(sum, bias_at(bias, o, params->narrow));

            *y++ = rescale(acc, weight_scales[o * params->scale_step], params);
        }
        x += params->depth;
    }
}
