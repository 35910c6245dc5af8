/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SVDF_S8_H
#define TK_SVDF_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Multipliers and shifts as for tk_requantize. Offsets: the zero points of the state and of the output. */
typedef struct {
    tk_svdf_shape shape;
    int32_t state_multiplier;
    int32_t state_offset;
    int32_t output_multiplier;
    int32_t output_offset;
    int8_t state_shift;
    int8_t output_shift;
} tk_svdf_s8_params;

/* SVDF, int8 with int8 state: every filter forgets its oldest result, and
 *
 *     state[b, f, memory - 1] = low 8 bits of limit(requantize(feature_bias[f] + sum over i of x[b, i] * feature[f, i]))
 *                                             + state_offset
 *     y[b, u] = limit(requantize(bias[u] + sum over the filters f of unit u, over m, of state[b, f, m] * time[f, m])
 *                     + output_offset)
 *
 * Zero points are in the biases: feature_bias[f] = -x_zero_point * sum of feature[f]; bias[u] holds -state_zero_point times
 * the sum of the unit's time weights.
 * Layout: x [batch, inputs]; feature [units * rank, inputs]; time [units * rank, memory]; feature_bias [units * rank];
 * bias [units]; state [batch, units * rank, memory], read and written; y [batch, units].
 * Ranges: sums wrap around at 32 bits. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel, down to the state that wraps around instead of saturating. */
void tk_svdf_s8(const int8_t *x, const int8_t *feature, const int32_t *feature_bias, const int8_t *time,
                const int32_t *bias, int8_t *state, int8_t *y, const tk_svdf_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
