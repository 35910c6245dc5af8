/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_convolve_1x1_packed_s8.h"

#include "tk_pointwise_block.h"

void tk_convolve_1x1_packed_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant,
                               const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *y_dims)
{
    for (int32_t c = 0; c < y_dims->c; c += ARM_NN_BLOCK) {
        tk_pointwise_block(x, w + c * x_dims->c, y, requant, c, arm_nn_min(y_dims->c - c, ARM_NN_BLOCK), params, x_dims, y_dims);
    }
}
