/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_BLOCKS_EVEN_S8_H
#define TK_DENSE_BLOCKS_EVEN_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* block: weights of a row that share a multiplier; of the last block there may be fewer. bits: of a weight, 8, 4 or 2.
 * x_offset: minus the zero point. 1 <= right <= 62. -128 <= min <= max <= 127. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t block;
    int32_t bits;
    int32_t x_offset;
    int32_t right;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_dense_blocks_even;

/* Matrix products of int8 whose weights have a scale for every block of a row, halves to even.
 *
 *     total   = start[o] + sum over k of multipliers[o, k] * sum over i of block k of (x[b, i] + x_offset) * (w[o, i] - zeros[o, k])
 *     y[b, o] = clamp(round(total * 2^-right) + output_offset, min, max)
 *
 * Layout: x [batch, depth]; w [outputs, depth], signed codes, the first in the lowest bits of a byte; multipliers, zeros
 * [outputs, blocks], zeros NULL where all are 0; start [outputs], or NULL for zeros; y [batch, outputs].
 * Ranges: sums over a block fit into int32, |total| < 2^62. Aliasing: none. Scratch: none. Exact. */
void tk_dense_blocks_even_s8(const int8_t *x, const int8_t *w, const int32_t *multipliers, const int8_t *zeros,
                             const int64_t *start, int8_t *y, const tk_dense_blocks_even *params);

#ifdef __cplusplus
}
#endif

#endif
