/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_DSP_ANY_S16_H
#define TK_CONV_DSP_ANY_S16_H

#include "tk_windows_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* block: inputs whose products fit into 32 bits, a multiple of four; products.weights are those of block after block, sums begin
 * with 0; windows.at_once is 2. narrow: bias and sums have 32 bits. -32768 <= min <= max <= 32767. */
typedef struct {
    tk_windows_s16 windows;
    int32_t block;
    int32_t narrow;
    int32_t min;
    int32_t max;
} tk_conv_any_s16;

/* CONV_2D and FULLY_CONNECTED of int16 with int8 weights, any bias, multipliers and bounds; results as of tk_conv_s16. Products are
 * summed up in 32 bits a block, of two pixels and two channels at a time (tk_sums2_s16), and in 64 bits over the blocks.
 *
 * Layout: x and y NHWC; bias int64, or with `narrow` int32, or NULL; patches [2][windows.depth], not read where windows are in
 * place; totals [2 * out_c], rounded up to an even number of channels; sums [2 * out_c], as well.
 * Aliasing: none. Scratch: patches, totals, sums. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_dsp_any_s16(const int16_t *x, const void *bias, const int32_t *multiplier, const int8_t *shift, int16_t *y,
                         const tk_conv_any_s16 *layer, int16_t *patches, int64_t *totals, int32_t *sums);

#ifdef __cplusplus
}
#endif

#endif
