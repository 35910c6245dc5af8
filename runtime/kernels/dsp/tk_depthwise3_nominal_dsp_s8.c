/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_nominal_dsp_s8.h"

#include "tk_depthwise3.h"
#include "tk_depthwise3_fine_s1_s8.h"
#include "tk_depthwise3_fine_s2_s8.h"
#include "tk_planes_s8.h"

/* layer is where a tk_depthwise3_nominal begins. */
static void four(const uint32_t *planes, int8_t *y, const uint32_t *packed, const tk_planes_shape *shape,
                 const tk_depthwise_layer *layer)
{
    const tk_depthwise3_nominal *const whole = (const tk_depthwise3_nominal *)(const void *)layer;
    const tk_depthwise3_codes *const codes = &whole->codes;
    const int32_t next = (int32_t)(packed - layer->weights) / TK_DEPTHWISE3_TAPS * 4;
    const int32_t behind = layer->channels - 4; /* the last four channels, of which others may have had some */
    const int32_t first = next < behind ? next : behind;
    const int8_t *const taps = (const int8_t *)packed;
    uint32_t w[4 * TK_DEPTHWISE3_WORDS];

    if (whole->usual != 0) {
        tk_depthwise3_words_s8(taps, w, codes, first);
    } else {
        for (int32_t q = 0; q < 4; ++q) {
            const tk_requant_channel own = tk_requant_of(&codes->requant, first + q);

            tk_depthwise3_channel(taps + q * TK_DEPTHWISE3_TAPS, own.multiplier, (uint32_t)-own.shift, own.bias, codes->zero_point,
                                  codes->addend, w + q * TK_DEPTHWISE3_WORDS);
        }
    }
    if (layer->stride_columns == 1) {
        tk_depthwise3_fine_s1_s8(planes, y, w, shape);
    } else {
        tk_depthwise3_fine_s2_s8(planes, y, w, shape);
    }
}

static void some(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_depthwise_layer *layer, uint32_t *scratch)
{
    static const tk_depthwise_kernels kernels = {tk_planes_s8, four};

    tk_depthwise_block(&kernels, rows, y, lines, layer, scratch);
}

void tk_depthwise3_nominal_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise3_nominal *packed,
                                 uint32_t *restrict scratch)
{
    tk_depthwise_image(some, x, y, &packed->layer, scratch);
}
