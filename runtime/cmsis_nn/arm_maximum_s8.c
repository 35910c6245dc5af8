/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"
#include "arm_nnfunctions.h"

arm_cmsis_nn_status arm_maximum_s8(const cmsis_nn_context *ctx,
                                   const int8_t *input_1_data,
                                   const cmsis_nn_dims *input_1_dims,
                                   const int8_t *input_2_data,
                                   const cmsis_nn_dims *input_2_dims,
                                   int8_t *output_data,
                                   const cmsis_nn_dims *output_dims)
{
    (void)ctx;
    const arm_nn_broadcast a = arm_nn_broadcast_steps(input_1_dims);
    const arm_nn_broadcast b = arm_nn_broadcast_steps(input_2_dims);
    for (int32_t n = 0; n < output_dims->n; n++) {
        for (int32_t h = 0; h < output_dims->h; h++) {
            for (int32_t w = 0; w < output_dims->w; w++) {
                const int8_t *x = input_1_data + n * a.n + h * a.h + w * a.w;
                const int8_t *y = input_2_data + n * b.n + h * b.h + w * b.w;
                for (int32_t c = output_dims->c; c > 0; c--) {
                    *output_data++ = (int8_t)arm_nn_max(*x, *y);
                    x += a.c;
                    y += b.c;
                }
            }
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
