/* SPDX-License-Identifier: Apache-2.0 */
/* Weights that take less flash than a byte each, and what reads them one after the other. Internal.
 *
 * A coded array is a sequence of units, of as many weights as the layer's kernel takes at a time: an output channel, say. `next`
 * decodes a unit, in order from the first one on: there is no index, and a tile of units is decoded into working memory while the
 * layer runs. Nothing but the bytes of the stream is read, and nothing but `count` weights is written, whatever the stream is:
 * behind its end there are zeros. */
#ifndef TK_WEIGHT_READER_H
#define TK_WEIGHT_READER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tk_weight_reader tk_weight_reader;

/* The next `count` weights, which are a unit. */
typedef void tk_next_weights(tk_weight_reader *reader, int32_t count, int8_t *out);

/* table: palettes, `step` bytes from that of a unit to that of the next; or what a Huffman code is, of `table_bytes` bytes in all,
 * whose longest word has `longest` bits. */
typedef struct {
    tk_next_weights *next;
    const uint8_t *stream;
    int32_t bytes;
    const uint8_t *table;
    int32_t table_bytes;
    int32_t step;
    int32_t longest;
} tk_coded_weights;

/* at: where the next unit begins, in bytes, or in bits of a Huffman code. palette: of the next unit. lookup: working memory, 2^longest
 * entries, for a Huffman code. */
struct tk_weight_reader {
    const tk_coded_weights *coded;
    const uint8_t *palette;
    uint16_t *lookup;
    int32_t at;
};

static inline tk_weight_reader tk_open_weights(const tk_coded_weights *coded, uint16_t *lookup)
{
    const tk_weight_reader reader = {coded, coded->table, lookup, 0};

    return reader;
}

/* `count` units of `size` weights each. */
static inline void tk_next_units(tk_weight_reader *reader, int32_t count, int32_t size, int8_t *out)
{
    for (int32_t i = 0; i < count; ++i) {
        reader->coded->next(reader, size, out + i * size);
    }
}

/* Four bytes, the first one lowest. */
static inline uint32_t tk_word_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The `count` <= 4 bytes from `at` on, the first one lowest. */
static inline uint32_t tk_stream_word(const tk_coded_weights *coded, int32_t at, int32_t count)
{
    uint32_t word = 0;

    if (count == 4 && at <= coded->bytes - 4) {
        return tk_word_at(coded->stream + at);
    }
    for (int32_t i = 0; i < count && at + i < coded->bytes; ++i) {
        word |= (uint32_t)coded->stream[at + i] << (8 * i);
    }
    return word;
}

#ifdef __cplusplus
}
#endif

#endif
