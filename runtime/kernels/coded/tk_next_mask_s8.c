/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_next_mask_s8.h"

#include <string.h>

#define TOP UINT32_C(0x80000000)

/* Where there is an instruction that counts leading zeros, as one instruction; not where int has 16 bits. */
#if defined(__GNUC__) && (defined(__ARM_FEATURE_CLZ) || defined(__x86_64__) || defined(__aarch64__) || defined(__riscv_zbb))
#define COUNTS_ZEROS 1
#else
#define COUNTS_ZEROS 0
#endif

/* The highest `count` ones of a word. */
static uint32_t highest(uint32_t word, int32_t count)
{
    uint32_t kept = 0;

    for (uint32_t bit = TOP; bit != 0 && count > 0; bit >>= 1) {
        kept |= word & bit;
        count -= (word & bit) != 0 ? 1 : 0;
    }
    return kept;
}

/* The weights whose bits are 1; returns what is behind them. */
static inline const uint8_t *spread(uint32_t word, const uint8_t *weights, int8_t *out)
{
#if COUNTS_ZEROS
    while (word != 0) {
        const int32_t k = __builtin_clz(word);

        word &= ~(TOP >> k);
        out[k] = (int8_t)*weights++;
    }
#else
    for (; word != 0; word <<= 1, ++out) {
        if ((word & TOP) != 0) {
            *out = (int8_t)*weights++;
        }
    }
#endif
    return weights;
}

/* `count` weights, fewer than 32 or near the end of the stream, from `at` on; returns where the next ones are. */
static int32_t some(const tk_coded_weights *coded, int32_t at, int32_t count, int8_t *out)
{
    const int32_t wide = (count + 7) / 8;
    const int32_t behind = coded->bytes - at < wide ? coded->bytes : at + wide;
    const uint32_t none = count < 32 ? UINT32_C(0xffffffff) >> count : 0;
    const uint32_t word = tk_stream_word(coded, at, wide) << (32 - 8 * wide) & ~none;

    return (int32_t)(spread(highest(word, coded->bytes - behind), coded->stream + behind, out) - coded->stream);
}

void tk_next_mask_s8(tk_weight_reader *reader, int32_t count, int8_t *out)
{
    const tk_coded_weights *const coded = reader->coded;
    const uint8_t *const stream = coded->stream;
    const int32_t last = coded->bytes - 36;
    int32_t at = reader->at;

    memset(out, 0, (size_t)count);
    for (; count >= 32 && at <= last; count -= 32, out += 32) {
        at = (int32_t)(spread(tk_word_at(stream + at), stream + at + 4, out) - stream);
    }
    for (int32_t n; count > 0; count -= n, out += n) {
        n = count < 32 ? count : 32;
        at = some(coded, at, n, out);
    }
    reader->at = at;
}
