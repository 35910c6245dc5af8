/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_next_palette2_s8 and tk_next_palette4_s8 share. Internal. */
#ifndef TK_PALETTE_H
#define TK_PALETTE_H

#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A unit of codes of 2 or 4 bits, in whole bytes, the first code lowest. */
static inline void tk_next_palette(tk_weight_reader *restrict reader, int32_t count, int8_t *restrict out, int32_t bits)
{
    const tk_coded_weights *const coded = reader->coded;
    const int8_t *const palette = (const int8_t *)reader->palette;
    const int32_t in_word = 32 / bits;
    const uint32_t mask = (UINT32_C(1) << bits) - 1u;
    int32_t at = reader->at;
    int32_t i = 0;

    for (; i + in_word <= count && at <= coded->bytes - 4; at += 4) {
        uint32_t word = tk_word_at(coded->stream + at);

        for (const int32_t end = i + in_word; i < end; i += 4, word >>= 4 * bits) {
            out[i] = palette[word & mask];
            out[i + 1] = palette[word >> bits & mask];
            out[i + 2] = palette[word >> 2 * bits & mask];
            out[i + 3] = palette[word >> 3 * bits & mask];
        }
    }
    for (; i < count; ++at) {
        uint32_t byte = tk_stream_word(coded, at, 1);

        for (int32_t k = 0; k < 8 && i < count; k += bits, byte >>= bits) {
            out[i++] = palette[byte & mask];
        }
    }
    reader->at = at;
    reader->palette += coded->step;
}

#ifdef __cplusplus
}
#endif

#endif
