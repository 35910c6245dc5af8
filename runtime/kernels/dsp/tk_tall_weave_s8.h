/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TALL_WEAVE_S8_H
#define TK_TALL_WEAVE_S8_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* apart: pointers from one of the four rows to the next. words: of four bytes, at least one. step: bytes, a multiple of 4, from
 * where one pair of bytes goes to where the next one does. */
typedef struct {
    int32_t apart;
    int32_t words;
    int32_t step;
} tk_tall_weave;

/* Four rows p_1 .. p_4, which windows one above the other see, become three streams
 *
 *     h_i(k) = 256 * p_i[k] + p_(i+1)[k] + 128        i = 1, 2, 3
 *
 * (never outside of int16). Bytes k and k + 1, k = 0, 2, 4 ..: three words at out + k / 2 * step bytes, one a stream, k in the low
 * half. rows[i * apart], of which 4 * words bytes from `first` on are read, need not be aligned. Aliasing: none. */
void tk_tall_weave_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_tall_weave *weave);

#ifdef __cplusplus
}
#endif

#endif

#endif
