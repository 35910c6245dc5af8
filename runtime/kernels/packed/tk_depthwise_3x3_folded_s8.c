/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_3x3_folded_s8.h"

#include "tk_output_folded_s8.h"

void tk_depthwise_3x3_folded_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_packed_codes *codes,
                                const cmsis_nn_dw_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                                const cmsis_nn_dims *y_dims)
{
    const arm_nn_output_stage stage = tk_folded_stage(codes);

    arm_nn_depthwise_s8(arm_nn_depthwise_3x3_s8, params, &stage, x_dims, x, w_dims, w, y_dims, y);
}
