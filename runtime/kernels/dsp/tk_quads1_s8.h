/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_QUADS1_S8_H
#define TK_QUADS1_S8_H

#include "tk_quads.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel times all channels (tk_quads.h). x: from tk_widen_s8, 2 * depth bytes, aligned to 4.
 * y[c]; y is not touched where the sums go on. Aliasing: none but from and to, which may be the same. Exact if
 * |S| < 2^23 for every sum S and no weight is -128. */
void tk_quads1_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);

#ifdef __cplusplus
}
#endif

#endif
