/* SPDX-License-Identifier: Apache-2.0 */
/* What follows the sums of FULLY_CONNECTED in int16, rescaled as LiteRT does it. Internal. */
#ifndef TK_LITERT_S16_H
#define TK_LITERT_S16_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "tk_fully_connected_litert_s16.h"
#include "tk_math.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline int64_t tk_litert_bias_s16(const void *bias, int32_t o, int32_t narrow)
{
    if (bias == NULL) {
        return 0;
    }
    return narrow ? ((const int32_t *)bias)[o] : ((const int64_t *)bias)[o];
}

/* A sum of products as a code of output o. Clamped before the conversion: the product may lie outside int32. */
static inline int16_t tk_litert_code_s16(int64_t sum, const void *bias, const float *weight_scales, int32_t o,
                                         const tk_fully_connected_litert_s16_params *p)
{
    const int64_t acc = tk_wrapping_add_s64(sum, tk_litert_bias_s16(bias, o, p->narrow));
    const double scale = (double)p->input_scale * (double)weight_scales[o * p->scale_step] / (double)p->output_scale;
    const double y = round((double)acc * scale);
    const double raised = y < (double)p->min ? (double)p->min : y;

    return (int16_t)(raised > (double)p->max ? (double)p->max : raised);
}

#ifdef __cplusplus
}
#endif

#endif
