/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SVDF_F32_H
#define TK_SVDF_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SVDF, float32: every filter forgets its oldest result, and
 *
 *     state[b, f, memory - 1] = sum over i of x[b, i] * feature[f, i]
 *     y[b, u] = activate(bias[u] + sum over the filters f of unit u, over m, of state[b, f, m] * time[f, m])
 *
 * Layout: x [batch, inputs]; feature [units * rank, inputs]; time [units * rank, memory]; bias [units], or NULL for zeros;
 * state [batch, units * rank, memory], read and written; y [batch, units]. activation: a number of tk_activation_f32.h.
 * Aliasing: none. Scratch: none.
 * Sums in the order of TensorFlow Lite Micro's reference kernel: equal to it but for the contraction of a * b + c. */
void tk_svdf_f32(const float *x, const float *feature, const float *time, const float *bias, float *state, float *y,
                 const tk_svdf_shape *shape, int32_t activation);

#ifdef __cplusplus
}
#endif

#endif
