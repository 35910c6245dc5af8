/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_packed_paired_wide_s8.h"

#include "tk_unpack_folded.h"

void tk_conv_packed_paired_wide_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_packed_paired_wide *conv,
                                   uint32_t *restrict scratch, uint32_t *restrict codes)
{
    tk_conv_paired_wide_params params = conv->params;

    tk_unpack_folded(&conv->codes, codes);
    params.codes = codes;
    tk_conv_paired_wide_s8(x, y, shape, &params, scratch);
}
