/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WEAVE4_S8_H
#define TK_WEAVE4_S8_H

#include "tk_weave.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Four windows, woven into three streams of halfwords for tk_gemm4_s8 (tk_weave.h).
 *
 *     h_i(k) = 256 * p_i[k] + p_(i+1)[k] + 128        i = 1, 2, 3;  p_i: the bytes of the i-th window
 *
 * (never outside of int16). rows: pointers to the rows of the image, the first of which is the window's first; first: bytes from
 * there to the first window. out, for every four bytes: three words (h_1 h_2 h_3) of halfwords (k, k + 2), then three of
 * (k + 1, k + 3): 24 bytes, of which the last 12 are written over by what follows if the word is a half one. Nothing of the image
 * need be aligned. Aliasing: none. */
void tk_weave4_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave);

#ifdef __cplusplus
}
#endif

#endif
