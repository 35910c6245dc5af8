/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WIDEN_S8_H
#define TK_WIDEN_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* n inputs (a multiple of 4) as halfwords for tk_dense_s8: for every four k, words of (k, k + 2) and of (k + 1, k + 3): 2 * n
 * bytes. x need not be aligned. Returns the sum of the inputs. Aliasing: none. */
int32_t tk_widen_s8(const int8_t *x, int32_t n, uint32_t *out);

#ifdef __cplusplus
}
#endif

#endif
