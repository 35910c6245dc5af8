/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_EVEN_S8_H
#define TK_BATCH_MATMUL_EVEN_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero points for x and w (-127..128), plus the zero point for y (-128..127). Multiplier, shift and
 * single as for tk_even_code. -128 <= min <= max <= 127. */
typedef struct {
    int32_t x_offset;
    int32_t w_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t single;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_batch_matmul_even_s8_params;

/* BATCH_MATMUL, int8, halves to even, with either operand transposed or repeated.
 *
 *     acc        = sum over k of (x[b, i, k] + x_offset) * (w[b, k, j] + w_offset)
 *     y[b, i, j] = tk_even_code(acc, multiplier, shift, single, output_offset, min, max)
 *
 * Layout: x and w as tk_matmul_shape says; y [batches][rows][columns].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact. */
void tk_batch_matmul_even_s8(const int8_t *x, const int8_t *w, int8_t *y, const tk_matmul_shape *shape,
                             const tk_batch_matmul_even_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
