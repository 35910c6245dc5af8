/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_packed_dsp_s8.h"

#include "tk_conv4_apart_s8.h"
#include "tk_gemm2_apart_s8.h"
#include "tk_unpack_gemm.h"
#include "tk_weave2_s8.h"

/* The constants of a group take group words; what else is scratch lies behind those of all. */
static void some(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_conv_layer *layer, uint32_t *scratch)
{
    static const tk_conv_kernels kernels = {tk_conv4_apart_s8, tk_weave2_s8, tk_gemm2_apart_s8};
    const int32_t group = TK_CONV_CONSTANTS * layer->channels;

    tk_conv_strip(&kernels, rows, y, lines, layer, scratch + group * layer->groups, scratch, group);
}

void tk_conv_packed_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_packed *packed,
                            uint32_t *restrict scratch)
{
    tk_conv_constants(packed, tk_unpack_gemm, TK_CONV_CONSTANTS, scratch);
    tk_conv_image(some, x, y, &packed->layer, scratch);
}
