/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_folded_s8.h"

#include "tk_output_folded_s8.h"

void tk_depthwise_folded_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_packed_codes *codes,
                            const cmsis_nn_dw_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                            const cmsis_nn_dims *y_dims)
{
    arm_nn_depthwise_kernel *kernel = x_dims->c == y_dims->c ? arm_nn_depthwise_equal_s8 : arm_nn_depthwise_expand_s8;
    const arm_nn_output_stage stage = tk_folded_stage(codes);

    arm_nn_depthwise_s8(kernel, params, &stage, x_dims, x, w_dims, w, y_dims, y);
}
