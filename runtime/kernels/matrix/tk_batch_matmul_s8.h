/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_S8_H
#define TK_BATCH_MATMUL_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero points for x and w (-127..128), plus the zero point for y (-128..127). Multiplier and shift as for
 * tk_requantize. -128 <= min <= max <= 127. */
typedef struct {
    int32_t x_offset;
    int32_t w_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_batch_matmul_s8_params;

/* BATCH_MATMUL, int8, with either operand transposed or repeated.
 *
 *     acc        = sum over k of (x[b, i, k] + x_offset) * (w[b, k, j] + w_offset)
 *     y[b, i, j] = clamp(tk_requantize(acc, multiplier, shift) + output_offset, min, max)
 *
 * Layout: x and w as tk_matmul_shape says; y [batches][rows][columns].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_batch_matmul_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_matmul_shape *shape,
                        const tk_batch_matmul_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
