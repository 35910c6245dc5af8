/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nnfunctions.h"

int32_t arm_convolve_s8_get_buffer_size(const cmsis_nn_dims *input_dims, const cmsis_nn_dims *filter_dims)
{
    const int32_t column = filter_dims->w * filter_dims->h * input_dims->c;
    return 2 * ((column + 3) / 4 * 4) * (int32_t)sizeof(int16_t);
}
