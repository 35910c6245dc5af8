/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_conv_coded_dsp_s8 and tk_conv_coded_dsp_any_s8 share. Internal. */
#ifndef TK_CONV_CODED_DSP_H
#define TK_CONV_CODED_DSP_H

#include "tk_conv_dsp.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is a pair of channels, in the order of tk_gemm_s8.h, 2 * layer.depth bytes. constants: for every pair the two words
 * in front of those bytes, then those behind them. layer: one group, without weights. tile: channels at a time, an even number. */
typedef struct {
    tk_coded_weights weights;
    const uint32_t *constants;
    tk_conv_layer layer;
    int32_t tile;
} tk_conv_coded;

/* rows: the kernel, which reads `behind` words of constants behind the weights of a pair. */
static inline void tk_conv_in_tiles(tk_conv_rows rows, int32_t behind, const int8_t *x, int8_t *y, const tk_conv_coded *p,
                                    uint32_t *scratch, uint32_t *tile, uint16_t *lookup)
{
    const uint32_t *constants = p->constants;
    const int32_t channels = p->layer.out_group;
    tk_weight_reader reader = tk_open_weights(&p->weights, lookup);
    tk_conv_layer layer = p->layer;

    layer.weights = tile;
    for (int32_t c = 0; c < channels; c += p->tile) {
        uint32_t *to = tile;

        layer.out_group = channels - c < p->tile ? channels - c : p->tile;
        layer.channels = (layer.out_group + 1) / 2 * 2;
        for (int32_t k = 0; k < layer.channels; k += 2, constants += 2 + behind) {
            to[0] = constants[0];
            to[1] = constants[1];
            tk_next_units(&reader, 1, 2 * layer.depth, (int8_t *)(to + 2));
            to += 2 + layer.depth / 2;
            for (int32_t i = 0; i < behind; ++i) {
                *to++ = constants[2 + i];
            }
        }
        tk_conv_image(rows, x, y + c, &layer, scratch);
    }
}

#ifdef __cplusplus
}
#endif

#endif
