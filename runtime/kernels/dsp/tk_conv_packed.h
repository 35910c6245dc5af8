/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions whose constants lie in 6 or 7 bytes of flash for a channel in place of 12 or 20: what tk_conv_packed_dsp_s8 and
 * tk_conv_packed_dsp_any_s8 share. Internal.
 *
 * `requant` has multiplier M, shift -s and bias of every channel (tk_requant.h). Before the first pixel they become the constants
 * of tk_gemm_s8.h, in scratch: with W, the sum of a channel's weights, and x0, y0 the zero points, sums begin at bias - x0 * W, and
 *
 *     in tk_conv_packed_dsp_s8          multiplier M >> (s - 5)    addend (y0 << 12) + 2^11 + (2^11 >> s)
 *     in tk_conv_packed_dsp_any_s8      multiplier M               addend (y0 << (s + 7)) + 2^(s + 6) + 2^6, below -2^7, shift s + 7
 *
 * which is round(round(sum * M / 2^31) / 2^s) + y0 as TensorFlow Lite Micro rounds twice: the second line is so for every sum;
 * the first drops s - 5 bits of M, and takes sums that are not negative: a fact about the layer, which the compiler proves. */
#ifndef TK_CONV_PACKED_H
#define TK_CONV_PACKED_H

#include "tk_conv_dsp.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* layer: its weights are without constants (tk_gemm_s8.h, `apart`). output_offset: the output's zero point. */
typedef struct {
    tk_conv_layer layer;
    tk_requant requant;
    int32_t output_offset;
} tk_conv_packed;

/* Words of constants of a channel, where its sums begin included. */
#define TK_CONV_CONSTANTS 3
#define TK_CONV_ANY_CONSTANTS 5

/* What makes codes of a channel's sums. */
typedef void (*tk_conv_constant)(int32_t multiplier, int32_t right, int32_t output_offset, uint32_t *q);

static inline void tk_conv_constant_folded(int32_t multiplier, int32_t right, int32_t output_offset, uint32_t *q)
{
    q[0] = (uint32_t)multiplier >> (right - 5);
    q[1] = (uint32_t)output_offset * 4096u + 2048u + (2048u >> right);
}

static inline void tk_conv_constant_any(int32_t multiplier, int32_t right, int32_t output_offset, uint32_t *q)
{
    q[0] = (uint32_t)multiplier;
    q[1] = ((uint32_t)output_offset << (right + 7)) + (UINT32_C(64) << right) + 64u;
    q[2] = (uint32_t)INT32_C(-128);
    q[3] = (uint32_t)right + 7u;
}

/* tk_gemm_totals_s8, which a function that includes this names. */
typedef void (*tk_conv_totals)(const uint32_t *w, int32_t words, int32_t pairs, uint32_t *totals, int32_t apart);

/* Those of all channels, group after group: words of them for a code. to: 2 * (1 + words) for two channels. */
static inline void tk_conv_constants(const tk_conv_packed *p, tk_conv_totals totals, tk_conv_constant make, int32_t words,
                                     uint32_t *to)
{
    const tk_conv_layer *const layer = &p->layer;
    const tk_requant requant = p->requant; /* of this function alone, so that no store changes it */
    const int32_t output_offset = p->output_offset;
    const uint32_t offset = (uint32_t)layer->zero_point * 257u + 128u;
    const int32_t apart = 2 + 2 * words;

    for (int32_t g = 0; g < layer->groups; ++g, to += layer->channels / 2 * apart) {
        totals(layer->weights + g * layer->group_words, layer->depth / 2, layer->channels / 2, to, apart);
        for (int32_t i = 0; i < layer->channels; ++i) {
            const int32_t c = g * layer->out_group + (i < layer->out_group ? i : i - 1); /* the last one again */
            const tk_requant_channel found = tk_requant_of(&requant, c);
            uint32_t *const pair = to + i / 2 * apart;

            pair[i % 2] = (uint32_t)found.bias * 257u - pair[i % 2] * offset;
            make(found.multiplier, -found.shift, output_offset, pair + 2 + i % 2 * words);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif
