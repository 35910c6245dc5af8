/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WIDEN2_S8_H
#define TK_WIDEN2_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels as halfwords h_i(k) = 257 * x[i * pitch + k] + 128, i = 0, 1, for tk_gemm2_s8 (never outside of int16).
 * out, for every four inputs k: two words (h_0 h_1) of halfwords (k, k + 2), then two of (k + 1, k + 3): 4 * bytes bytes.
 * `bytes` is a multiple of 4. x need not be aligned. Aliasing: none. */
void tk_widen2_s8(const int8_t *x, int32_t pitch, int32_t bytes, uint32_t *out);

#ifdef __cplusplus
}
#endif

#endif
