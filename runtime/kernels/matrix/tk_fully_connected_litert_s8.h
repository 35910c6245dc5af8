/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_LITERT_S8_H
#define TK_FULLY_CONNECTED_LITERT_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point for the input and the weights, plus the zero point for the output.
 * -128 <= min <= max <= 127. scale_step: 1 if weight_scales has one scale per output, 0 if it has one. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t input_offset;
    int32_t weights_offset;
    int32_t output_offset;
    int32_t min;
    int32_t max;
    float input_scale;
    float output_scale;
    int32_t scale_step;
} tk_fully_connected_litert_s8_params;

/* FULLY_CONNECTED, int8, rescaled as LiteRT does it.
 *
 *     acc     = bias[o] + sum over i of (x[b, i] + input_offset) * (w[o, i] + weights_offset)
 *     y[b, o] = clamp(round(acc * (input_scale * weight_scale[o] / output_scale)) + output_offset, min, max)
 *
 * in double from acc on, rounded to nearest, halves away from zero.
 * Layout: x [batch, depth]; w [outputs, depth]; bias [outputs], or NULL for zeros; y [batch, outputs].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. TensorFlow Lite Micro rounds twice in fixed point instead. */
void tk_fully_connected_litert_s8(const int8_t *x, const int8_t *w, const int32_t *bias, const float *weight_scales,
                                  int8_t *y, const tk_fully_connected_litert_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
