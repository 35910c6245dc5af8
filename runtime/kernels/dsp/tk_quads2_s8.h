/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_QUADS2_S8_H
#define TK_QUADS2_S8_H

#include "tk_quads.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels times all channels (tk_quads.h). x: from tk_widen2_s8, 4 * depth bytes, aligned to 4.
 * y[i * pitch + c], i = 0, 1; y is not touched where the sums go on. Aliasing: none but from and to, which may be the same. Exact if
 * |S| < 2^23 for every sum S and no weight is -128. */
void tk_quads2_s8(const uint32_t *x, int8_t *y, const tk_quads *quads);

#ifdef __cplusplus
}
#endif

#endif
