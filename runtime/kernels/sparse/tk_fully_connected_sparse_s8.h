/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_SPARSE_S8_H
#define TK_FULLY_CONNECTED_SPARSE_S8_H

#include "tk_requant_code.h"

#define TK_SPARSE_RUN 256
#define TK_SPARSE_BLOCK 16

#ifdef __cplusplus
extern "C" {
#endif

/* The weights that are not 0. For every TK_SPARSE_BLOCK outputs (the last block may have fewer), every run of TK_SPARSE_RUN inputs
 * and every output of the block: counts[..] words of `entries`, each with two weights w and w' of the run, whose inputs are at i
 * and i' in it: i | (w & 0xff) << 8 | i' << 16 | (w' & 0xff) << 24. With an odd number of weights w' is 0 in the last word.
 * requant: the biases have the input's zero point folded in. */
typedef struct {
    const uint8_t *counts;
    const uint32_t *entries;
    tk_requant requant;
    tk_requant_clamp clamp;
    int32_t rows;
    int32_t inputs;
    int32_t outputs;
} tk_fully_connected_sparse;

/* FULLY_CONNECTED, int8, weights with zero point 0, of which most are 0.
 *     y[r,o] = clamp(requantize(bias[o] + sum of x[r,i] * w[o,i]) + output_offset)
 * Layout: x [rows][inputs], y [rows][outputs]. Places are inputs that there are: below `inputs`.
 * Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_fully_connected_sparse_s8(const int8_t *x, int8_t *y, const tk_fully_connected_sparse *params);

#ifdef __cplusplus
}
#endif

#endif
