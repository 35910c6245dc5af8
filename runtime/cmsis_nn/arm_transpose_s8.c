/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nnfunctions.h"

enum { MAX_DIMS = 4 };

arm_cmsis_nn_status arm_transpose_s8(const int8_t *input_data,
                                     int8_t *const output_data,
                                     const cmsis_nn_dims *const input_dims,
                                     const cmsis_nn_dims *const output_dims,
                                     const cmsis_nn_transpose_params *const transpose_params)
{
    const int32_t size[MAX_DIMS] = {input_dims->n, input_dims->h, input_dims->w, input_dims->c};
    const int32_t dims = transpose_params->num_dims;
    int32_t in_step[MAX_DIMS];
    int32_t count[MAX_DIMS] = {1, 1, 1, 1}; /* output shape and the input steps along it, from the outermost axis */
    int32_t step[MAX_DIMS] = {0, 0, 0, 0};
    (void)output_dims;

    int32_t elements = 1;
    for (int32_t i = dims - 1; i >= 0; i--) {
        in_step[i] = elements;
        elements *= size[i];
    }
    for (int32_t i = 0; i < dims; i++) {
        const uint32_t axis = transpose_params->permutations[i];
        if (axis >= (uint32_t)dims) {
            return ARM_CMSIS_NN_ARG_ERROR;
        }
        count[MAX_DIMS - dims + i] = size[axis];
        step[MAX_DIMS - dims + i] = in_step[axis];
    }
    int8_t *out = output_data;
    for (int32_t a = 0; a < count[0]; a++) {
        for (int32_t b = 0; b < count[1]; b++) {
            for (int32_t c = 0; c < count[2]; c++) {
                int32_t in = a * step[0] + b * step[1] + c * step[2];
                for (int32_t d = count[3]; d > 0; d--) {
                    *out++ = input_data[in];
                    in += step[3];
                }
            }
        }
    }
    return ARM_CMSIS_NN_SUCCESS;
}
