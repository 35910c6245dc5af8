/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WEAVE2_S8_H
#define TK_WEAVE2_S8_H

#include "tk_weave.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two windows as halfwords h_i(k) = 257 * p_i[k] + 128, i = 1, 2, for tk_gemm2_s8 (never outside of int16).
 * rows, first: as for tk_conv4_s8.
 * out, for every four bytes: two words (h_1 h_2) of halfwords (k, k + 2), then two of (k + 1, k + 3): 16 bytes, of which the last 8
 * are written over by what follows if the word is a half one. Aliasing: none. */
void tk_weave2_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave);

#ifdef __cplusplus
}
#endif

#endif
