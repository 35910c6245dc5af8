/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DOT_PAIRED2_S8_H
#define TK_DOT_PAIRED2_S8_H

#include <stdint.h>

#include "tk_dot_paired.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The sums of two output pixels and two channels, groups of 2 inputs: see tk_paired.h.
 * x: of each group 2 words with the inputs of both pixels, then 2^15 - 128 times the sum of those. end: behind the last, a
 * multiple of 8 inputs. w: of each group 2 weights of one channel and 2 of the other, 128 more than they are.
 * sums: of each channel the sum over the groups of 2^15 + A + B * 2^16, and of the upper halves of these. */
void tk_dot_paired2_s8(const uint32_t *x, const uint8_t *w, const uint32_t *end, uint32_t *sums);

#ifdef __cplusplus
}
#endif

#endif
