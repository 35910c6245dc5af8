/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CUMSUM_S8_H
#define TK_CUMSUM_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* output_multiplier: 0 or 2^30 .. 2^31 - 1; -31 <= output_shift <= 0. */
typedef struct {
    int32_t input_offset;
    int32_t output_multiplier;
    int32_t output_shift;
    int32_t output_offset;
    int32_t exclusive;
    int32_t reverse;
} tk_cumsum_s8_params;

/* CUMSUM of int8 along the middle of x [outer, n, inner]:
 *
 *     y[i] = clamp(R(sum, output_multiplier, output_shift) + output_offset, -128, 127)
 *
 * with sum = input_offset * 2^19, as the reference starts, plus (x + input_offset) * 2^19 of the elements up to i, or
 * before it (exclusive), or from the end (reverse); it wraps. R(v, m, s) = v * m * 2^(s - 31), rounded once after the
 * multiplication and once after the shift (tk_requantize).
 * Aliasing: y may be x. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_cumsum_s8(const int8_t *x, int8_t *y, int32_t outer, int32_t n, int32_t inner,
                  const tk_cumsum_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
