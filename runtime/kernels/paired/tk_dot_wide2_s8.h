/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DOT_WIDE2_S8_H
#define TK_DOT_WIDE2_S8_H

#include "tk_dot_wide.h"

#ifndef __ASSEMBLER__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The sums of two output pixels and four channels, groups of 2 inputs: see tk_paired.h.
 * x: a word for each input, up to `end`, a multiple of 4 of them. w: of each group 2 weights of each channel in turn.
 * sums: of the channels the sums over the groups of 2^15 + A + B * 2^16, then those of the upper halves of these. */
void tk_dot_wide2_s8(const uint32_t *x, const int8_t *w, const uint32_t *end, uint32_t *sums);

#ifdef __cplusplus
}
#endif

#endif

#endif
