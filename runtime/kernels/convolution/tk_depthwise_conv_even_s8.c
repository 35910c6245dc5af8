/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_conv_even_s8.h"

#include "tk_depthwise_taps.h"

#define TK_DEPTHWISE_SUM tk_depthwise_sum_s8
#include "tk_depthwise_even_body.h"

void tk_depthwise_conv_even_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                               const int32_t *restrict multiplier, const int8_t *restrict shift, const int8_t *restrict single,
                               const int32_t *restrict rest, int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_even *params)
{
    tk_depthwise_even(x, w, bias, multiplier, shift, single, rest, y, shape, params);
}
