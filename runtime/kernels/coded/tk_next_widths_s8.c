/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_next_widths_s8.h"

#include <string.h>

#define RUN 16

/* The lowest bits, with their sign. */
static inline int8_t field(uint32_t bits, int32_t up)
{
    return (int8_t)((int32_t)(bits << up) >> up);
}

/* `count` fields of `width` bits, 1 to 8; returns where the next run begins. */
static int32_t run(const tk_coded_weights *coded, int32_t at, int32_t count, int32_t width, int8_t *restrict out)
{
    const int32_t end = at + (count * width + 7) / 8;
    const int32_t up = 32 - width;
    uint32_t bits = 0;
    int32_t held = 0;

    for (int32_t i = 0; i < count; i += 2) {
        if (held < 16) {
            const uint32_t more = at <= coded->bytes - 2 ? (uint32_t)coded->stream[at] | (uint32_t)coded->stream[at + 1] << 8
                                                         : tk_stream_word(coded, at, 2);

            bits |= more << held;
            held += 16;
            at += 2;
        }
        out[i] = field(bits, up);
        if (i + 1 < count) {
            out[i + 1] = field(bits >> width, up);
        }
        bits >>= 2 * width;
        held -= 2 * width;
    }
    return end;
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

        const int32_t width = (int32_t)(widths & 15u);

        if (width == 0) {
            memset(out + i, 0, (size_t)left);
        } else {
            at = run(coded, at, left, width < 8 ? width : 8, out + i);
        }
    }
    reader->at = at;
}
