/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WIDEN4_S8_H
#define TK_WIDEN4_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Four pixels, woven into three streams of halfwords for tk_gemm4_s8.
 *
 *     h_i(k) = 256 * p_i[k] + p_(i+1)[k] + 128        i = 1, 2, 3;  p_i[k] = x[(i - 1) * pitch + k],  0 <= k < bytes
 *
 * (never outside of int16). out, for every four inputs k: three words (h_1 h_2 h_3) of halfwords (k, k + 2), then three of
 * (k + 1, k + 3): 6 * bytes bytes. `bytes` is a multiple of 4. x need not be aligned. Aliasing: none. */
void tk_widen4_s8(const int8_t *x, int32_t pitch, int32_t bytes, uint32_t *out);

#ifdef __cplusplus
}
#endif

#endif
