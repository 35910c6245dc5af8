/* SPDX-License-Identifier: Apache-2.0 */
/* What tk_next_palette2_s8 and tk_next_palette4_s8 share. Internal. */
#ifndef TK_PALETTE_H
#define TK_PALETTE_H

#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The four codes that are lowest. */
static inline void tk_four_of_palette(const int8_t *palette, uint32_t word, int32_t bits, int8_t *out)
{
    const uint32_t mask = (UINT32_C(1) << bits) - 1u;

    out[0] = palette[word & mask];
    out[1] = palette[word >> bits & mask];
    out[2] = palette[word >> 2 * bits & mask];
    out[3] = palette[word >> 3 * bits & mask];
}

/* A unit of codes of 2 or 4 bits, in whole bytes, the first code lowest. */
static inline void tk_next_palette(tk_weight_reader *reader, int32_t count, int8_t *out, int32_t bits)
{
    const tk_coded_weights *const coded = reader->coded;
    const int8_t *const palette = (const int8_t *)reader->palette;
    const int8_t *const end = out + count;
    const int32_t there = coded->bytes > reader->at ? coded->bytes - reader->at : 0;
    const int32_t words = count / (32 / bits) < there / 4 ? count / (32 / bits) : there / 4;
    const uint8_t *next = coded->stream + (there > 0 ? reader->at : coded->bytes);
    int32_t at = reader->at + 4 * words;

    for (int32_t k = 0; k < words; ++k, next += 4, out += 32 / bits) {
        const uint32_t word = tk_word_at(next);

        tk_four_of_palette(palette, word, bits, out);
        tk_four_of_palette(palette, word >> 4 * bits, bits, out + 4);
        if (bits == 2) {
            tk_four_of_palette(palette, word >> 16, bits, out + 8);
            tk_four_of_palette(palette, word >> 24, bits, out + 12);
        }
    }
    for (; out != end; ++at) {
        uint32_t byte = tk_stream_word(coded, at, 1);

        for (int32_t k = 0; k < 8 && out != end; k += bits, byte >>= bits) {
            *out++ = palette[byte & ((UINT32_C(1) << bits) - 1u)];
        }
    }
    reader->at = at;
    reader->palette += coded->step;
}

#ifdef __cplusplus
}
#endif

#endif
