/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_DSP_ANY_S8_H
#define TK_FULLY_CONNECTED_DSP_ANY_S8_H

#include "tk_fully_connected_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED, int8: y[b,o] = the code of (start[o] + sum of x[b,i] * w[o,i]), by tk_dense_any_s8.
 * Layout: x [rows, inputs], y [rows, outputs], weights as there. scratch: 2 * depth bytes, aligned to 4. Aliasing: none.
 * Exact: equals the operator whose constants were folded, under the conditions of tk_dense.h. */
void tk_fully_connected_dsp_any_s8(const int8_t *x, int8_t *y, const tk_fully_connected_dsp_params *params, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
