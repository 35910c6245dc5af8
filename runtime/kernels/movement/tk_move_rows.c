/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_move_rows.h"

#include <string.h>

enum { WORD = 4, CHUNK = 4 * WORD };

/* A chunk is read before it is written, so that it does not matter how near the two are. */
void tk_move_rows(void *to, const void *from, int32_t bytes)
{
    uint8_t *out = (uint8_t *)to;
    const uint8_t *in = (const uint8_t *)from;

    for (; bytes >= CHUNK; bytes -= CHUNK, in += CHUNK, out += CHUNK) {
        uint32_t a, b, c, d;

        memcpy(&a, in, WORD);
        memcpy(&b, in + WORD, WORD);
        memcpy(&c, in + 2 * WORD, WORD);
        memcpy(&d, in + 3 * WORD, WORD);
        memcpy(out, &a, WORD);
        memcpy(out + WORD, &b, WORD);
        memcpy(out + 2 * WORD, &c, WORD);
        memcpy(out + 3 * WORD, &d, WORD);
    }
    for (int32_t i = 0; i < bytes; ++i) {
        out[i] = in[i];
    }
}
