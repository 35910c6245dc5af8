/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_3X3_PACKED_S8_H
#define TK_DEPTHWISE_3X3_PACKED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* arm_depthwise_conv_3x3_s8 with packed constants: DEPTHWISE_CONV_2D, int8, one output for each channel, fastest for 3x3 windows.
 * Layout: x and y NHWC; w [k_h][k_w][out_c]. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_depthwise_3x3_packed_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant,
           const cmsis_nn_dw_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
           const cmsis_nn_dims *y_dims);

#ifdef __cplusplus
}
#endif

#endif
