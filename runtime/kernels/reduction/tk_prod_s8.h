/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PROD_S8_H
#define TK_PROD_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* REDUCE_PROD over any dimensions, int8.
 *
 *     p = x[0] + input_offset                                        of the n elements that fold onto y, in order
 *     p = R(p * (x[i] + input_offset), multiplier, shift)            for each further one
 *     y = clamp(R(p, multiplier, shift) + output_offset)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), m rounded to 15 bits (tk_requantize_s64); m, s = QuantizeMultiplier(x_scale / y_scale^(1/n)).
 *
 * Layout: x contiguous, y contiguous in the order of the kept dimensions. Ranges: -31 <= shift <= 7; no dimension is 0.
 * Aliasing: none. Scratch: acc, 4 bytes for each output element; need not be set to anything.
 * Exact: equals LiteRT's reference kernel; what exceeds 32 bits wraps. */
void tk_prod_s8(const int8_t *x, int8_t *y, int32_t *acc, const tk_reduce *shape, const tk_prod_params *params);

#ifdef __cplusplus
}
#endif

#endif
