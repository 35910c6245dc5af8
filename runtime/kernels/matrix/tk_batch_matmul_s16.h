/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_S16_H
#define TK_BATCH_MATMUL_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Multiplier and shift as for tk_requantize_s64. -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t multiplier;
    int32_t shift;
    int32_t min;
    int32_t max;
} tk_batch_matmul_s16_params;

/* BATCH_MATMUL, int16 with zero point 0, with either operand transposed or repeated.
 *
 *     y[b, i, j] = clamp(tk_requantize_s64(sum over k of x[b, i, k] * w[b, k, j], multiplier, shift), min, max)
 *
 * Layout: x and w as tk_matmul_shape says; y [batches][rows][columns].
 * Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_batch_matmul_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_matmul_shape *shape,
                         const tk_batch_matmul_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
