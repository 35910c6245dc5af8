/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>

#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_batch_matmul_s8(const cmsis_nn_context *ctx,
                                        const cmsis_nn_bmm_params *bmm_params,
                                        const cmsis_nn_per_tensor_quant_params *quant_params,
                                        const cmsis_nn_dims *input_lhs_dims,
                                        const int8_t *input_lhs,
                                        const cmsis_nn_dims *input_rhs_dims,
                                        const int8_t *input_rhs,
                                        const cmsis_nn_dims *output_dims,
                                        int8_t *output)
{
    const cmsis_nn_fc_params *params = &bmm_params->fc_params;
    const cmsis_nn_dims rows = {input_lhs_dims->w, 1, 1, input_lhs_dims->c};
    const cmsis_nn_dims filter = {input_rhs_dims->c, 1, 1, input_rhs_dims->w};
    const cmsis_nn_dims out = {input_lhs_dims->w, 1, 1, input_rhs_dims->w};
    const arm_nn_broadcast lhs = arm_nn_broadcast_steps(input_lhs_dims);
    const arm_nn_broadcast rhs = arm_nn_broadcast_steps(input_rhs_dims);

    for (int32_t n = 0; n < output_dims->n; n++) {
        for (int32_t h = 0; h < output_dims->h; h++) {
            (void)arm_fully_connected_s8(ctx,
                                         params,
                                         quant_params,
                                         &rows,
                                         input_lhs + n * lhs.n + h * lhs.h,
                                         &filter,
                                         input_rhs + n * rhs.n + h * rhs.h,
                                         NULL,
                                         NULL,
                                         &out,
                                         output);
            output += rows.n * out.c;
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
