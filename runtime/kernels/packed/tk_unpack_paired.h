/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UNPACK_PAIRED_H
#define TK_UNPACK_PAIRED_H

#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The table of tk_paired.h, packed->channels * TK_PAIRED_CODE_WORDS words of it. With multiplier M, r bits to the right, start s of
 * a channel, split = packed->shift and m = M >> (r + 8 - split):
 *
 *     first -s     range 255 * 2^40 / M, r - 9 bits to the left     high m >> split     low m mod 2^split
 *     addend 2^22 + (2^22 >> r)
 *
 * which is round(round(sum * M / 2^31) / 2^r) - 128 as TensorFlow Lite Micro rounds twice, at least -128, but for the bits of M that
 * are left out; with packed->twice 0, and the last term with it, it is round(sum * M / 2^(31 + r)) - 128 but for those bits and for
 * ties. That none of it makes a difference is a fact about each channel, which the compiler proves, or the channel is one of
 * packed->others.
 * Ranges: 1 <= r <= 24 and r + 8 >= split, shifts of packed->requant are -r; packed->output_offset is -128. Aliasing: none. */
void tk_unpack_paired(const tk_packed_codes *packed, uint32_t *codes);

#ifdef __cplusplus
}
#endif

#endif
