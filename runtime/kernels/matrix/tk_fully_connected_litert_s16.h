/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_LITERT_S16_H
#define TK_FULLY_CONNECTED_LITERT_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* narrow: the bias has 32 bits. -32768 <= min <= max <= 32767. scale_step: 1 if weight_scales has one scale per output, 0 if it
 * has one. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t narrow;
    int32_t min;
    int32_t max;
    float input_scale;
    float output_scale;
    int32_t scale_step;
} tk_fully_connected_litert_s16_params;

/* FULLY_CONNECTED, int16 with zero point 0 and int8 weights, rescaled as LiteRT does it.
 *
 *     acc     = bias[o] + sum over i of x[b, i] * w[o, i]
 *     y[b, o] = clamp(round(acc * (input_scale * weight_scale[o] / output_scale)), min, max)
 *
 * in double from acc on, rounded to nearest, halves away from zero.
 * Layout: x [batch, depth]; w [outputs, depth]; bias [outputs], int64 or with `narrow` int32, or NULL; y [batch, outputs].
 * Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. TensorFlow Lite Micro rounds in fixed point instead. */
void tk_fully_connected_litert_s16(const int16_t *x, const int8_t *w, const void *bias, const float *weight_scales,
                                   int16_t *y, const tk_fully_connected_litert_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
