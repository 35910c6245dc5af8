/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_S8_H
#define TK_MEAN_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MEAN over any dimensions, int8; with other constants also SUM.
 *
 *     acc = sum of the N input elements that fold onto the output element
 *     y   = clamp(R(acc + sum_offset, multiplier, shift) + output_offset, -128, 127)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 *
 * TensorFlow Lite Micro folds 1/N into the multiplier, whatever the axes. Its constants, and so the ones to pass:
 *
 *     m, s       = QuantizeMultiplier((double)input_scale / (double)output_scale)     2^30 <= m < 2^31, or m = s = 0
 *     k          = min(floor(log2(N)), 32, 31 + s)
 *     multiplier = floor(m * 2^k / N), in 64 bits
 *     shift      = s - k
 *     sum_offset = -input_zero_point * N
 *
 * This multiplier may lie below 2^30: down to 2^29, and further where k is less than log2(N).
 * SUM passes m and s as they are.
 *
 * Layout: x contiguous, y contiguous in the order of the kept dimensions.
 * Ranges: N < 2^23, so that acc + sum_offset cannot overflow.
 * Aliasing: none. Scratch: acc, 4 bytes for each output element; need not be set to anything.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mean_s8(const int8_t *x, int8_t *y, int32_t *acc, const tk_reduce *shape, const tk_mean_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
