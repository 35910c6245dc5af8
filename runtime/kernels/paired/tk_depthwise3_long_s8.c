/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_long_s8.h"

#define TK_PAIR_SHIFT 23
#define TK_PAIR_CODES 1
#include "tk_depthwise3_pairs_body.h"

void tk_depthwise3_long_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                             const tk_depthwise3_pairs_params *params, int8_t *restrict scratch)
{
    tk_depthwise3_pairs(x, y, shape, params, scratch);
}
