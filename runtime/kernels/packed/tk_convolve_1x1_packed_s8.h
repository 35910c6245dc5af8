/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_1X1_PACKED_S8_H
#define TK_CONVOLVE_1X1_PACKED_S8_H

#include "tk_bundled.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* arm_convolve_1x1_s8 with packed constants: CONV_2D, int8, window 1x1 without padding, one group. Stack: constants of 16 channels.
 * Layout: x and y NHWC; w [out_c][in_c]. Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_convolve_1x1_packed_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant,
                               const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *y_dims);

#ifdef __cplusplus
}
#endif

#endif
