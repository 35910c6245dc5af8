/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BATCH_MATMUL_DSP_S16_H
#define TK_BATCH_MATMUL_DSP_S16_H

#include "tk_dots_s16.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BATCH_MATMUL of int16, of matrices whose sums go through neighbours: a row of x times two columns of w at a time (tk_dots_s16).
 *
 * shape: x_step and w_step are 1, x_row and w_column are depth; depth and columns are those of dots, too.
 * Layout: x [..][rows][depth] and w [..][columns][depth] as shape->batches says; y [batches][rows][columns].
 * Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel, whose multiplier, its upper half, and shift
 * dots has as a multiplication for the high word. */
void tk_batch_matmul_dsp_s16(const int16_t *x, const int16_t *w, int16_t *y, const tk_matmul_shape *shape,
                             const tk_dots_s16_params *dots);

#ifdef __cplusplus
}
#endif

#endif
