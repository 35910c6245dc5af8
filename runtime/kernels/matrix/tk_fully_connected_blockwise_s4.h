/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_BLOCKWISE_S4_H
#define TK_FULLY_CONNECTED_BLOCKWISE_S4_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* block: weights that share a scale; it divides depth. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t block;
    tk_range_f32 range;
} tk_blockwise_params;

/* FULLY_CONNECTED, float32 with packed int4 weights that have a scale for every block of a row.
 *
 *     q, x_scale, zero_point = each row of x, quantized asymmetrically by tk_quantize_dynamic_f32_s8
 *     acc[k]  = sum over i of block k of (q[i] - zero_point) * w[o, i]
 *     y[b, o] = clamp((sum over k of acc[k] * scales[o, k]) * x_scale + bias[o])
 *
 * Layout: x [batch, depth]; w [outputs, depth], element 2i in the low half of byte i, 2i + 1 in the high one; scales
 * [outputs, depth / block], positive float16; bias [outputs], or NULL for zeros; y [batch, outputs].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: quantized, depth bytes.
 * Equal to LiteRT's kernel but for the order of the float sums. */
void tk_fully_connected_blockwise_s4(const float *x, const int8_t *w, const uint16_t *scales, const float *bias, float *y,
                                     int8_t *quantized, const tk_blockwise_params *params);

#ifdef __cplusplus
}
#endif

#endif
