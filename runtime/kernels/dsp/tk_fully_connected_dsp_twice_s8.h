/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_DSP_TWICE_S8_H
#define TK_FULLY_CONNECTED_DSP_TWICE_S8_H

#include "tk_codes_s8.h"
#include "tk_dense.h"

#ifdef __cplusplus
extern "C" {
#endif

/* dense: weights, depth and outputs (rounded up to a multiple of 8) of tk_dense_sums_s8. codes: its bias has minus the input's zero
 * point times the sum of the output's weights in it. */
typedef struct {
    tk_dense_params dense;
    tk_codes codes;
    int32_t rows;
    int32_t inputs;
    int32_t outputs;
} tk_fully_connected_dsp_twice_params;

/* FULLY_CONNECTED, int8, any weights: rows of tk_dense_sums_s8, requantized by tk_codes_s8.
 *
 * Layout: x [rows, inputs], y [rows, outputs]; widened: 2 * dense.depth bytes, then 4 * dense.outputs, aligned to 4.
 * Aliasing: none. Scratch: widened. Exact: what arm_fully_connected_s8 gives, if
 * every sum of products is below 2^23. */
void tk_fully_connected_dsp_twice_s8(const int8_t *x, int8_t *y, const tk_fully_connected_dsp_twice_params *params,
                                     uint32_t *widened);

#ifdef __cplusplus
}
#endif

#endif
