/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RNN_HYBRID_H
#define TK_RNN_HYBRID_H

#include <stdint.h>

#include "tk_dynamic_products_s8.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_rnn_f32 with int8 weights: at every step its input and the state are quantized by their own range, and their products with
 * the weights are integers. quantized: scratch, as many elements as the larger of inputs and units.
 * Aliasing: none. Within rounding of LiteRT's reference kernel. */
void tk_rnn_hybrid(const float *x, const tk_dynamic_weights *input, const tk_dynamic_weights *recurrent, const float *bias,
                   float *hidden, float *y, int8_t *quantized, const tk_rnn_shape *shape, int32_t activation);

#ifdef __cplusplus
}
#endif

#endif
