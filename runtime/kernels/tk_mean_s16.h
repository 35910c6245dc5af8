/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_S16_H
#define TK_MEAN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MEAN over any dimensions, int16 with zero point 0; with other constants also SUM.
 *
 *     y = clamp(R(sum of the N input elements that fold onto the output element, multiplier, shift), -32768, 32767)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * The constants are those of tk_mean_s8.
 *
 * Layout: x contiguous, y contiguous in the order of the kept dimensions.
 * Ranges: N < 2^16, so that the sum cannot overflow.
 * Aliasing: none. Scratch: acc, 4 bytes for each output element; need not be set to anything.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mean_s16(const int16_t *x, int16_t *y, int32_t *acc, const tk_reduce *shape, int32_t multiplier, int32_t shift);

#ifdef __cplusplus
}
#endif

#endif
