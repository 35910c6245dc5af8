/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_next_huffman_s8.h"

#include <string.h>

/* An entry for every sequence of `longest` bits: the weight, and above it the length of its word. */
static void fill(const tk_coded_weights *coded, uint16_t *lookup)
{
    const uint32_t size = UINT32_C(1) << coded->longest;
    uint32_t mirrored = 0; /* the next word, its first bit lowest */
    int32_t symbol = coded->longest;

    memset(lookup, 0, (size_t)size * sizeof *lookup);
    for (int32_t length = 1; length <= coded->longest; ++length) {
        for (int32_t left = coded->table[length - 1]; left > 0 && symbol < coded->table_bytes; --left, ++symbol) {
            uint32_t bit = UINT32_C(1) << (length - 1);

            for (uint32_t i = mirrored; i < size; i += UINT32_C(1) << length) {
                lookup[i] = (uint16_t)((uint32_t)length << 8 | coded->table[symbol]);
            }
            for (; bit != 0 && (mirrored & bit) != 0; bit >>= 1) {
                mirrored ^= bit;
            }
            mirrored |= bit;
        }
    }
}

/* 25 bits or more from bit `at` on, wherever the stream ends. */
static uint32_t bits_at(const tk_coded_weights *coded, int32_t at)
{
    return tk_stream_word(coded, at >> 3, 4) >> (at & 7);
}

void tk_next_huffman_s8(tk_weight_reader *reader, int32_t count, int8_t *out)
{
    const tk_coded_weights *const coded = reader->coded;
    const uint8_t *const stream = coded->stream;
    const uint16_t *const lookup = reader->lookup;
    const uint32_t mask = (UINT32_C(1) << coded->longest) - 1u;
    const int32_t last = 8 * (coded->bytes - 4);
    const int8_t *const end = out + (count & ~INT32_C(1));
    int32_t at = reader->at;
    uint32_t entry;

    if (at == 0) {
        fill(coded, reader->lookup);
    }
    for (; out != end; out += 2) { /* two words lie in the 25 bits that there are at least */
        const uint32_t bits = at <= last ? tk_word_at(stream + (at >> 3)) >> (at & 7) : bits_at(coded, at);

        entry = lookup[bits & mask];
        out[0] = (int8_t)(entry & 0xffu);
        at += (int32_t)(entry >> 8);
        entry = lookup[bits >> (entry >> 8) & mask];
        out[1] = (int8_t)(entry & 0xffu);
        at += (int32_t)(entry >> 8);
    }
    if (count % 2 != 0) {
        entry = lookup[bits_at(coded, at) & mask];
        out[0] = (int8_t)(entry & 0xffu);
        at += (int32_t)(entry >> 8);
    }
    reader->at = at;
}
