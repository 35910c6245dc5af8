/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WIDEN2_S8_H
#define TK_WIDEN2_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* n inputs (a multiple of 4) of two pixels as halfwords for tk_quads2_s8: for every four k, words of (k, k + 2) of both, then of
 * (k + 1, k + 3): 4 * n bytes. x1 and x2 need not be aligned, and may overlap. Adds the sums of the inputs to `sums`. */
void tk_widen2_s8(const int8_t *x1, const int8_t *x2, int32_t n, uint32_t *out, int32_t sums[2]);

#ifdef __cplusplus
}
#endif

#endif
