/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_LONG_S8_H
#define TK_CONV_LONG_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: of every four output channels those of each input, see tk_dot_long_s8.h; codes: of each channel, see tk_folded.h.
 * depth: inputs of a window, rounded up to a multiple of 4, as the channels are, with weights of 0. pitch: bytes from a pixel of
 * the output to the next. zero_point: of the input. */
typedef struct {
    const int8_t *weights;
    const uint32_t *codes;
    int32_t depth;
    int32_t pitch;
    int32_t shift;
    int32_t zero_point;
} tk_conv_long_params;

/* CONV_2D, int8: what tk_conv_paired_s8 computes, with long multiplications, see tk_long.h.
 * Ranges: no sum reaches 2^22. Layout: x and y NHWC. Aliasing: none.
 * scratch: `depth` words, and two windows of `depth` bytes.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_long_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_conv_long_params *params,
                     int32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
