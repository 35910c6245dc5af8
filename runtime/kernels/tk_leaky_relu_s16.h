/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LEAKY_RELU_S16_H
#define TK_LEAKY_RELU_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LEAKY_RELU, int16 with zero point 0:
 *
 *     y = clamp(x >= 0 ? R(x, multiplier, shift) : sign * R(x, alpha_multiplier, alpha_shift), -32768, 32767)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * sign: that of alpha, 1 or -1.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_leaky_relu_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift,
                       int32_t alpha_multiplier, int32_t alpha_shift, int32_t sign);

#ifdef __cplusplus
}
#endif

#endif
