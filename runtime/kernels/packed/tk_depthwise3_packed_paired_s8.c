/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_packed_paired_s8.h"

#include "tk_depthwise3_paired_s8.h"
#include "tk_unpack_paired.h"

void tk_depthwise3_packed_paired_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                                    const tk_depthwise3_packed_pairs *conv, int8_t *restrict scratch, uint32_t *restrict codes)
{
    tk_depthwise3_pairs_params params = conv->params;

    tk_unpack_paired(&conv->codes, codes);
    params.codes = codes;
    tk_depthwise3_paired_s8(x, y, shape, &params, scratch);
}
