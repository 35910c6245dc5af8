/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ABS_S16_H
#define TK_ABS_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ABS, int16 with zero point 0: y = min(R(|x|, multiplier, shift), max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * max: 2^15 - 1; or 2^15 where x and y are plain numbers, whose lowest then stays as it is.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_abs_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
