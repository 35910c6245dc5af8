/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_BLOCKS_F32_H
#define TK_DENSE_BLOCKS_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* block: weights of a row that share a scale; of the last block there may be fewer. bits: of a weight, 8, 4 or 2. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t block;
    int32_t bits;
    tk_range_f32 range;
} tk_dense_blocks;

/* Floats times weights that are codes, with a scale for every block of a row.
 *
 *     y[b, o] = clamp(bias[o] + sum over k of scales[o, k] * sum over i of block k of x[b, i] * (w[o, i] - zeros[o, k]))
 *
 * Layout: x [batch, depth]; w [outputs, depth], signed codes, the first in the lowest bits of a byte; scales, zeros
 * [outputs, blocks], zeros NULL where all are 0; bias [outputs], or NULL for zeros; y [batch, outputs].
 * Aliasing: none. Scratch: none. Float sums, in this order. */
void tk_dense_blocks_f32(const float *x, const int8_t *w, const float *scales, const int8_t *zeros, const float *bias,
                         float *y, const tk_dense_blocks *params);

#ifdef __cplusplus
}
#endif

#endif
