/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONVOLVE_1X1_SPARSE_S8_H
#define TK_CONVOLVE_1X1_SPARSE_S8_H

#include "tk_requant_code.h"

#define TK_SPARSE_PIXELS 8

#ifdef __cplusplus
extern "C" {
#endif

/* The weights that are not 0, output after output: counts[o] of them, each in two bytes of `entries`: the weight, and how many
 * inputs further than the one before (at first: than the first) its input is. A weight 0 stands where that is more than 127; it
 * counts. requant: the biases have the input's zero point folded in. */
typedef struct {
    const uint16_t *counts;
    const int8_t *entries;
    tk_requant requant;
    tk_requant_clamp clamp;
    int32_t pixels;
    int32_t inputs;
    int32_t outputs;
} tk_convolve_1x1_sparse;

/* CONV_2D, int8, window and stride 1, weights with zero point 0, of which most are 0: TK_SPARSE_PIXELS pixels at a time.
 *     y[p,o] = clamp(requantize(bias[o] + sum of x[p,i] * w[o,i]) + output_offset)
 * Layout: x [pixels][inputs], y [pixels][outputs]. planes: scratch, inputs * TK_SPARSE_PIXELS int16, aligned to 4.
 * Aliasing: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_convolve_1x1_sparse_s8(const int8_t *x, int8_t *y, const tk_convolve_1x1_sparse *params, uint32_t *planes);

#ifdef __cplusplus
}
#endif

#endif
