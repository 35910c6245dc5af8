/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_FOLDED_S8_H
#define TK_CONVOLVE_FOLDED_S8_H

#include "tk_bundled.h"
#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Convolutions of ONNX, int8, as tk_convolve_packed_s8 computes them, any stride, dilation and number of groups.
 * Sums are rounded once, halves to the even neighbour: see tk_output_folded_s8.h.
 * Layout: x and y NHWC; w [out_c][k_h][k_w][in_c / groups]; of `params`, output_offset and activation are not read: `codes` has them. Aliasing: none. Scratch: none.
 * Exact. */
void tk_convolve_folded_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_packed_codes *codes,
                           const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                           const cmsis_nn_dims *y_dims);

#ifdef __cplusplus
}
#endif

#endif
