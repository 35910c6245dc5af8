/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions whose constants lie in 8 bytes of flash for a channel in place of 12 or 20: what tk_conv_packed_dsp_s8 and
 * tk_conv_packed_dsp_any_s8 share. Internal.
 *
 * Where sums begin stands in front of the weights (tk_gemm_s8.h, `apart`). What makes codes of them is unpacked from multiplier and
 * shift into scratch before the first pixel: tk_unpack_gemm.h, tk_unpack_gemm_any.h. */
#ifndef TK_CONV_PACKED_H
#define TK_CONV_PACKED_H

#include "tk_conv_dsp.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* requant: multiplier and shift of every channel, no bias. output_offset: the output's zero point. */
typedef struct {
    tk_conv_layer layer;
    tk_requant requant;
    int32_t output_offset;
} tk_conv_packed;

/* Words of constants of a channel. */
#define TK_CONV_CONSTANTS 2
#define TK_CONV_ANY_CONSTANTS 4

typedef void (*tk_conv_unpack)(const tk_requant *packed, int32_t first, int32_t count, int32_t output_offset, uint32_t *to);

/* Those of all channels, group after group: `words` of them each. Of an odd number of channels the last is there again. */
static inline void tk_conv_constants(const tk_conv_packed *p, tk_conv_unpack unpack, int32_t words, uint32_t *to)
{
    const int32_t there = p->layer.out_group;

    for (int32_t g = 0; g < p->layer.groups; ++g, to += p->layer.channels * words) {
        unpack(&p->requant, g * there, there, p->output_offset, to);
        if (there % 2 != 0) {
            unpack(&p->requant, (g + 1) * there - 1, 1, p->output_offset, to + there * words);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
