/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_move_rows.h"

#include <string.h>

#define CHUNK 16 /* four words */

/* A chunk is read before it is written, so that it does not matter how near the two are. */
void tk_move_rows(void *to, const void *from, int32_t bytes)
{
    uint8_t *out = (uint8_t *)to;
    const uint8_t *in = (const uint8_t *)from;

    for (; bytes >= CHUNK; bytes -= CHUNK, in += CHUNK, out += CHUNK) {
        uint32_t a, b, c, d;

        memcpy(&a, in, 4);
        memcpy(&b, in + 4, 4);
        memcpy(&c, in + 8, 4);
        memcpy(&d, in + 12, 4);
        memcpy(out, &a, 4);
        memcpy(out + 4, &b, 4);
        memcpy(out + 8, &c, 4);
        memcpy(out + 12, &d, 4);
    }
    for (int32_t i = 0; i < bytes; ++i) {
        out[i] = in[i];
    }
}
