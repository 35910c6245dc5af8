/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions over channels that are laid out as lines: what their functions share. */
#ifndef TK_MVE_LINES_H
#define TK_MVE_LINES_H

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TK_MVE_LINES 8 /* channels at a time */

/* How rows become lines: columns are `pixel` bytes apart, and `left` and `right` columns of zero_point stand beside them. A line has
 * left + columns + right bytes, a plane (the lines of a channel, one a row) `plane` bytes. 7 * plane < 2^16. */
typedef struct {
    int32_t rows;
    int32_t columns;
    int32_t pixel;
    int32_t left;
    int32_t right;
    int32_t plane;
    int32_t zero_point;
} tk_mve_planes;

/* What is computed from planes; each has `multiplier` output channels. A kernel is cut into pieces, each of them contiguous in a
 * line: at most 16 - 3 * stride taps.
 *
 * weights: per output channel `stream` bytes, aligned to 4: b m -e, 32 bits each, little endian; then for each piece a field of
 * `field` bytes: 3 * stride zeros, the taps, zeros, at least 16 + 3 * stride bytes in all.
 * pieces: for each but the first the bytes to it from the one before it, less 8 * stride; then INT32_MIN. The first begins where the
 * plane does.
 * pixel: bytes from a result to that of the next column, 7 * pixel < 2^16. 1 <= stride <= 4. offset, min, max: within int8. */
typedef struct {
    const int8_t *weights;
    int32_t stream;
    int32_t field;
    const int32_t *pieces;
    int32_t stride;
    int32_t plane;
    int32_t multiplier;
    int32_t out_w;
    int32_t pixel;
    int32_t offset;
    int32_t min;
    int32_t max;
} tk_mve_lines;

/* A layer of `channels` input channels. planes: its `plane` is that of lines. */
typedef struct {
    tk_mve_planes planes;
    tk_mve_lines lines;
    int32_t channels;
    tk_mve_rows down;
} tk_mve_depthwise_lines;

#ifdef __cplusplus
}
#endif

#endif
