/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_even_s4.h"

#include "tk_patch_s4.h"

#define TK_PATCH_SUMS tk_patch_sums_s4
#include "tk_conv_even_body.h"

void tk_conv_even_s4(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                     const int32_t *restrict multiplier, const int8_t *restrict shift, const int8_t *restrict single,
                     const int32_t *restrict rest, int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_even *params)
{
    tk_convolve_even(x, w, bias, multiplier, shift, single, rest, y, shape, params);
}
