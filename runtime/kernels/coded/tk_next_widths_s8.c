/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_next_widths_s8.h"

#include <string.h>

#define RUN 16

/* The lowest bits, with their sign. */
static inline int8_t field(uint32_t bits, int32_t up)
{
    return (int8_t)((int32_t)(bits << up) >> up);
}

/* A run of `width` bits, 1 to 8, each; behind its fields there are four bytes more. */
static inline void whole_run(const uint8_t *p, int32_t width, int8_t *out)
{
    const int32_t up = 32 - width;

    for (int32_t i = 0, bit = 0; i < RUN; i += 2, bit += 2 * width) {
        const uint32_t word = tk_word_at(p + (bit >> 3)) >> (bit & 7);

        out[i] = field(word, up);
        out[i + 1] = field(word >> width, up);
    }
}

/* A run, or a part of one, from `at` on, wherever the stream ends. */
static void some_run(const tk_coded_weights *coded, int32_t at, int32_t count, int32_t width, int8_t *out)
{
    for (int32_t i = 0, bit = 0; i < count; ++i, bit += width) {
        out[i] = field(tk_stream_word(coded, at + (bit >> 3), 2) >> (bit & 7), 32 - width);
    }
}

void tk_next_widths_s8(tk_weight_reader *restrict reader, int32_t count, int8_t *restrict out)
{
    const tk_coded_weights *const coded = reader->coded;
    uint32_t widths = 0;
    int32_t at = reader->at;

    for (int32_t i = 0; i < count; i += RUN) {
        const int32_t left = count - i < RUN ? count - i : RUN;

        if (at > coded->bytes) {
            at = coded->bytes;
        }
        if ((i & RUN) == 0) {
            widths = tk_stream_word(coded, at, 1);
            ++at;
        } else {
            widths >>= 4;
        }

        const int32_t width = (int32_t)((widths & 15u) < 8u ? widths & 15u : 8u);

        if (width == 0) {
            memset(out + i, 0, (size_t)left);
        } else if (left == RUN && at <= coded->bytes - 2 * width - 4) {
            whole_run(coded->stream + at, width, out + i);
        } else {
            some_run(coded, at, left, width, out + i);
        }
        at += (left * width + 7) / 8;
    }
    reader->at = at;
}
