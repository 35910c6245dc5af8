/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_NEAR_DSP_S8_H
#define TK_FULLY_CONNECTED_NEAR_DSP_S8_H

#include "tk_fully_connected_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_fully_connected_dsp_s8 computes, without scratch: inputs are widened as they are read.
 * Layout: x [rows, inputs], y [rows, outputs], weights as there. inputs: a multiple of 4, as dense.depth. Aliasing: none.
 * Exact: equals the operator whose constants were folded, under the conditions of tk_dense.h. */
void tk_fully_connected_near_dsp_s8(const int8_t *x, int8_t *y, const tk_fully_connected_dsp_params *params);

#ifdef __cplusplus
}
#endif

#endif
