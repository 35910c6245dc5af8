/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_PACKED_S8_H
#define TK_CONVOLVE_PACKED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* arm_convolve_s8 with packed constants: CONV_2D, int8, any number of groups.
 * Layout: x and y NHWC; w [out_c][k_h][k_w][in_c / groups]. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference
 * kernel. */
void tk_convolve_packed_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant,
                           const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                           const cmsis_nn_dims *y_dims);

#ifdef __cplusplus
}
#endif

#endif
