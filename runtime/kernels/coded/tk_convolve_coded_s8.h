/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_CODED_S8_H
#define TK_CONVOLVE_CODED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is an output channel, [k_h][k_w][in_c]. tile: channels that are decoded at a time. */
typedef struct {
    tk_coded_weights weights;
    tk_requant requant;
    cmsis_nn_conv_params conv;
    cmsis_nn_dims x;
    cmsis_nn_dims w;
    cmsis_nn_dims y;
    int32_t tile;
} tk_convolve_coded;

/* CONV_2D, int8, one group, weights coded. Layout: x and y NHWC. tile: scratch, `tile` units. lookup: scratch of the code, or NULL.
 * Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_convolve_coded_s8(const int8_t *x, int8_t *y, const tk_convolve_coded *params, int8_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
