/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_mve_gemm_coded_s8, tk_mve_conv_coded_s8 and their twins of two roundings share. Internal. */
#ifndef TK_MVE_CODED_H
#define TK_MVE_CODED_H

#include <string.h>

#include "tk_mve_conv.h"
#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: a unit is the blocks of a tile of four channels, in the order of tk_mve_gemm.h, `size` bytes. constants: for every tile
 * the `words` that the stream has behind them. tile: channels at a time, a multiple of eight. */
typedef struct {
    tk_coded_weights weights;
    const int32_t *constants;
    int32_t size;
    int32_t words;
    int32_t tile;
} tk_mve_coded;

/* gemm: without weights; of all channels. */
typedef struct {
    tk_mve_coded coded;
    tk_mve_gemm gemm;
} tk_mve_gemm_coded;

/* conv: without weights; of all channels. */
typedef struct {
    tk_mve_coded coded;
    tk_mve_conv conv;
} tk_mve_conv_coded;

/* The stream for `channels` channels from channel c on. Returns how many there are, `tile` of them at most. */
static inline int32_t tk_mve_next_tile(const tk_mve_coded *p, tk_weight_reader *reader, int32_t c, int32_t channels, int8_t *tile)
{
    const int32_t count = channels - c < p->tile ? channels - c : p->tile;
    const int32_t *constants = p->constants + c / 4 * p->words;
    const int32_t size = p->words * (int32_t)sizeof(int32_t);

    for (int32_t k = 0; k < count; k += 8) {
        for (int32_t t = 0; t < 2; ++t) {
            tk_next_units(reader, 1, p->size, tile);
            memcpy(tile + p->size, constants, (size_t)size);
            tile += p->size + size;
            constants += p->words;
        }
    }
    return count;
}

typedef void tk_mve_gemm_function(const int8_t *x, int8_t *y, int32_t pixels, const tk_mve_gemm *layer);
typedef void tk_mve_conv_function(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_conv *layer);

static inline void tk_mve_gemm_in_tiles(tk_mve_gemm_function kernel, const int8_t *x, int8_t *y, int32_t pixels,
                                        const tk_mve_gemm_coded *p, int32_t *tile, uint16_t *lookup)
{
    tk_weight_reader reader = tk_open_weights(&p->coded.weights, lookup);
    tk_mve_gemm layer = p->gemm;

    layer.weights = (int8_t *)tile;
    for (int32_t c = 0; c < p->gemm.channels; c += p->coded.tile) {
        layer.channels = tk_mve_next_tile(&p->coded, &reader, c, p->gemm.channels, (int8_t *)tile);
        kernel(x, y + c, pixels, &layer);
    }
}

static inline void tk_mve_conv_in_tiles(tk_mve_conv_function kernel, const int8_t *x, int8_t *y, int8_t *scratch,
                                        const tk_mve_conv_coded *p, int32_t *tile, uint16_t *lookup)
{
    tk_weight_reader reader = tk_open_weights(&p->coded.weights, lookup);
    tk_mve_conv layer = p->conv;

    layer.gemm.weights = layer.two.weights = (int8_t *)tile;
    for (int32_t c = 0; c < p->conv.gemm.channels; c += p->coded.tile) {
        layer.gemm.channels = tk_mve_next_tile(&p->coded, &reader, c, p->conv.gemm.channels, (int8_t *)tile);
        layer.two.channels = layer.gemm.channels;
        kernel(x, y + c, scratch, &layer);
    }
}

#ifdef __cplusplus
}
#endif

#endif
