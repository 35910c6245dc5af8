/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RSQRT_S16_H
#define TK_RSQRT_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* RSQRT, int16 with zero point 0: y = min(R(1 / sqrt(x) in units of 2^-20, multiplier, shift - 20), 32767); 32767 for x <= 0.
 *
 * The root comes from tk_inverse_sqrt; R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the
 * shift (tk_requantize). -11 <= shift <= 30.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_rsqrt_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift);

#ifdef __cplusplus
}
#endif

#endif
