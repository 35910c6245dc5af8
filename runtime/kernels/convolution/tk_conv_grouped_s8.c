/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_grouped_s8.h"

#include "tk_dot_offset_s8.h"

#define TK_PARAMS tk_conv_grouped_s8_params
#define TK_PATCH_SUMS tk_patch_sums_s8
#include "tk_conv_codes_body.h"

void tk_conv_grouped_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                        const int32_t *restrict multiplier, const int8_t *restrict shift, int8_t *restrict y,
                        const tk_conv_shape *shape, const tk_conv_grouped_s8_params *params)
{
    tk_convolve_codes(x, w, bias, multiplier, shift, y, shape, params);
}
