/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_move_rows.h"

#include <string.h>

#if defined(__ARM_FEATURE_MVE) && defined(__GNUC__)

/* 16 bytes are read before they are written, and `to` lies below `from`: it does not matter how near the two are. Three
 * instructions for 16 bytes; the last round takes what is left. */
void tk_move_rows(void *to, const void *from, int32_t bytes)
{
    __asm__ volatile("wlstp.8 lr, %2, 2f\n"
                     "1:\n\t"
                     "vldrb.8 q0, [%1], #16\n\t"
                     "vstrb.8 q0, [%0], #16\n\t"
                     "letp lr, 1b\n"
                     "2:"
                     : "+l"(to), "+l"(from)
                     : "l"(bytes)
                     : "lr", "q0", "memory");
}

#else

#define CHUNK 16 /* four words */

#if defined(__ARM_FEATURE_UNALIGNED) || defined(__x86_64__) || defined(__aarch64__)
static inline void move_four(uint8_t *to, const uint8_t *from)
{
    uint32_t word;

    memcpy(&word, from, 4);
    memcpy(to, &word, 4);
}
#else /* where words must be aligned, each memcpy would be a call */
static inline void move_four(uint8_t *to, const uint8_t *from)
{
    const uint8_t a = from[0];
    const uint8_t b = from[1];
    const uint8_t c = from[2];
    const uint8_t d = from[3];

    to[0] = a;
    to[1] = b;
    to[2] = c;
    to[3] = d;
}
#endif

/* Four bytes are read before they are written, and `to` lies below `from`: it does not matter how near the two are. */
void tk_move_rows(void *to, const void *from, int32_t bytes)
{
    uint8_t *out = (uint8_t *)to;
    const uint8_t *in = (const uint8_t *)from;

    for (; bytes >= CHUNK; bytes -= CHUNK, in += CHUNK, out += CHUNK) {
        move_four(out, in);
        move_four(out + 4, in + 4);
        move_four(out + 8, in + 8);
        move_four(out + 12, in + 12);
    }
    for (int32_t i = 0; i < bytes; ++i) {
        out[i] = in[i];
    }
}

#endif
