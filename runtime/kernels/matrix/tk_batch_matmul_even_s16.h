/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_EVEN_S16_H
#define TK_BATCH_MATMUL_EVEN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero points for x and w, plus the zero point for y. 0 <= multiplier < 2^31; -31 <= shift <= 14;
 * -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t x_offset;
    int32_t w_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_batch_matmul_even_s16_params;

/* BATCH_MATMUL, int16, halves to even, with either operand transposed or repeated.
 *
 *     acc        = sum over k of (x[b, i, k] + x_offset) * (w[b, k, j] + w_offset)
 *     y[b, i, j] = clamp(round(acc * multiplier * 2^(shift - 31)) + output_offset, min, max)
 *
 * Layout: x and w as tk_matmul_shape says; y [batches][rows][columns].
 * Ranges: |acc| < 2^46. Aliasing: none. Scratch: none.
 * Exact. */
void tk_batch_matmul_even_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_matmul_shape *shape,
                              const tk_batch_matmul_even_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
