/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RNN_F32_H
#define TK_RNN_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RNN, float32: y = activate(bias + input weights . x + recurrent weights . h), h the output of the step before, at first
 * `hidden`.
 * Layout: x rows of `inputs`, y rows of `units` (tk_rnn_shape); input weights [units, inputs]; recurrent weights
 * [units, units]; bias [units]; hidden [batch, units], read and written. activation: a number of tk_activation_f32.h.
 * Aliasing: none. Scratch: none. Float sums: within rounding of LiteRT's reference kernel. */
void tk_rnn_f32(const float *x, const float *input, const float *recurrent, const float *bias, float *hidden, float *y,
                const tk_rnn_shape *shape, int32_t activation);

#ifdef __cplusplus
}
#endif

#endif
