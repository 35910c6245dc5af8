/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_LINES_S8_H
#define TK_MVE_LINES_S8_H

#include "tk_mve_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a depthwise convolution from the planes of `count` input channels, of which `channel` is the first.
 *
 *     acc  = b + sum over the pieces, over their taps, of codes * w
 *     y    = clamp(((acc * m + 2^30) >> 31) / 2^e rounded to nearest, halves away from zero, + offset, min, max)
 *
 * Layout: planes [count, plane], of which each output reads the 16 bytes from where each piece begins, and outputs beyond out_w up
 * to a multiple of 8 are read for, too; y the row of the output, its channel 0. 1 <= e <= 31, 0 <= m.
 * Ranges: acc within int32. Aliasing: none. Scratch: none; 200 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel; b holds the bias and the input's zero point. */
void tk_mve_lines_s8(const int8_t *planes, int8_t *y, const tk_mve_lines *layer, int32_t channel, int32_t count);

#ifdef __cplusplus
}
#endif

#endif
