/* SPDX-License-Identifier: Apache-2.0 */
/* tk_tile_wide2_s8 and tk_tile_wide2_any_s8 in C, which say by TK_PAIR_CODES how a sum becomes a code. Internal. */
#ifndef TK_TILE_WIDE2_TWIN_H
#define TK_TILE_WIDE2_TWIN_H

#include "tk_pair_code.h"
#include "tk_paired.h"
#include "tk_tile_wide2_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline uint32_t tk_tile_term(uint32_t word, int8_t weight)
{
    const int32_t wide = weight;

    return word * (uint32_t)wide;
}

/* One channel of two pixels. */
static inline void tk_tile_pixels(const uint32_t *x, const int8_t *w, const uint32_t *code, const tk_tile_wide2 *layer, int8_t *y0,
                                  int8_t *y1)
{
    uint32_t words = 0;
    uint32_t uppers = 0;

    for (int32_t k = 0; k < layer->depth; k += 2) {
        const uint32_t t = 0x8000u + tk_tile_term(x[2 * k], w[4 * k]) + tk_tile_term(x[2 * k + 2], w[4 * k + 1]);

        words += t;
        uppers += tk_paired_upper(t);
    }
    *y0 = (int8_t)tk_pair_code((int32_t)(words - (uppers << 16) - ((uint32_t)layer->depth << 14)), code, layer->shift);
    *y1 = (int8_t)tk_pair_code((int32_t)uppers, code, layer->shift);
}

static inline void tk_tile_twin(const uint32_t *x, int8_t *const *y, const tk_tile_wide2 *layer)
{
    for (int32_t c = 0; c < layer->channels; ++c) {
        const int8_t *w = layer->weights + c / 4 * 4 * layer->depth + c % 4 * 2;
        const uint32_t *code = layer->codes + c * TK_PAIR_CODE_WORDS;

        tk_tile_pixels(x, w, code, layer, y[0] + c, y[1] + c);
        tk_tile_pixels(x + 1, w, code, layer, y[2] + c, y[3] + c);
    }
}

#ifdef __cplusplus
}
#endif

#endif
