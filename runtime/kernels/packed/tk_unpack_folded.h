/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UNPACK_FOLDED_H
#define TK_UNPACK_FOLDED_H

#include "tk_packed_codes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The table of tk_folded.h for shift packed->shift - 1, packed->channels * TK_FOLDED_WORDS words of it. With multiplier M, r bits to
 * the right, start s of a channel and the zero point y0, least = packed->shift and m = M >> (r - least):
 *
 *     multiplier m        addend s * m + (y0 << (31 + least)) + 2^(30 + least) + (2^30 >> (r - least))
 *
 * which is round(round(sum * M / 2^31) / 2^r) + y0 as TensorFlow Lite Micro rounds twice, but for the bits of M that are left out,
 * and for negative sums; with packed->twice 0, and the last term with it, it is round(sum * M / 2^(31 + r)) + y0 but for those bits
 * and for ties. That none of it makes a difference is a fact about each channel, which the compiler proves, or the channel is one
 * of packed->others.
 * Ranges: 1 <= least <= r <= 24, shifts of packed->requant are -r. Aliasing: none. */
void tk_unpack_folded(const tk_packed_codes *packed, uint32_t *codes);

#ifdef __cplusplus
}
#endif

#endif
