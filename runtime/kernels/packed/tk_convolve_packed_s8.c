/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_convolve_packed_s8.h"

#include "tk_convolve_rows.h"
#include "tk_output_packed_s8.h"

void tk_convolve_packed_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant,
                           const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                           const cmsis_nn_dims *y_dims)
{
    const arm_nn_output_stage stage = tk_packed_stage(requant, params->output_offset, &params->activation);

    tk_convolve_rows(x, w, y, &stage, params, x_dims, w_dims, y_dims);
}
