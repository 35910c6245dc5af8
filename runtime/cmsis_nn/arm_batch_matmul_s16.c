/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"
#include "arm_nnfunctions.h"

/* output[i][j] for all rows i of lhs and all rows j of rhs, which have `depth` elements each. */
static void multiply(const cmsis_nn_activation *activation,
                     const cmsis_nn_per_tensor_quant_params *quant,
                     int32_t lhs_rows,
                     int32_t rhs_rows,
                     int32_t depth,
                     const int16_t *lhs,
                     const int16_t *rhs,
                     int16_t *output)
{
    for (int32_t i = 0; i < lhs_rows; i++, lhs += depth) {
        const int16_t *w = rhs;
        for (int32_t j = 0; j < rhs_rows; j++) {
            int64_t acc = 0;
            for (int32_t k = 0; k < depth; k++) {
                acc += (int32_t)lhs[k] * *w++;
            }
            const int32_t y = arm_nn_requantize_s64(acc, quant->multiplier, quant->shift);
            *output++ = (int16_t)arm_nn_clamp(y, activation->min, activation->max);
        }
    }
}

arm_cmsis_nn_status arm_batch_matmul_s16(const cmsis_nn_context *ctx,
                                         const cmsis_nn_bmm_params *bmm_params,
                                         const cmsis_nn_per_tensor_quant_params *quant_params,
                                         const cmsis_nn_dims *input_lhs_dims,
                                         const int16_t *input_lhs,
                                         const cmsis_nn_dims *input_rhs_dims,
                                         const int16_t *input_rhs,
                                         const cmsis_nn_dims *output_dims,
                                         int16_t *output)
{
    (void)ctx;
    const int32_t rows = input_lhs_dims->w;
    const int32_t columns = input_rhs_dims->w;
    const arm_nn_broadcast lhs = arm_nn_broadcast_steps(input_lhs_dims);
    const arm_nn_broadcast rhs = arm_nn_broadcast_steps(input_rhs_dims);

    for (int32_t n = 0; n < output_dims->n; n++) {
        for (int32_t h = 0; h < output_dims->h; h++) {
            multiply(&bmm_params->fc_params.activation,
                     quant_params,
                     rows,
                     columns,
                     input_rhs_dims->c,
                     input_lhs + n * lhs.n + h * lhs.h,
                     input_rhs + n * rhs.n + h * rhs.h,
                     output);
            output += rows * columns;
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
