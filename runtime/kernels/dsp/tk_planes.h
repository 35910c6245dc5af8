/* SPDX-License-Identifier: Apache-2.0 */
/* Planes: how the depthwise kernels see an image. Internal.
 *
 * Four channels at a time are laid out as four planes of halfwords, one a channel, in which neighbours stand in one word, so that
 * one multiply-accumulate does two taps. A line of a plane is a row of the image or, where the layer is transposed, a column of it.
 * All four planes of a line lie together: TK_LINE words each, line after line, so that distances are immediates of instructions.
 * What is wider than TK_LINE words is done in strips; the compiler says how wide and how many lines high. */
#ifndef TK_PLANES_H
#define TK_PLANES_H

#include "tk_dsp.h"

#define TK_LINE 16
#define TK_FOUR_LINES 64

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* Lines to be laid: in each, `before` words of padding; a word (padding, first pixel) if left is 1; `pairs` words of two pixels; a
 * word (last pixel, padding) if right is 1; `after` words of padding. pitch: bytes from a pixel to the next. padding: the code of
 * the padding in all four bytes. first: bytes from where a pointer to a line points to its first pixel. */
typedef struct {
    uint32_t padding;
    int32_t before;
    int32_t left;
    int32_t pairs;
    int32_t right;
    int32_t after;
    int32_t pitch;
    int32_t first;
    int32_t lines;
} tk_planes_lines;

/* Results of four channels: `columns` of each of `lines`; pixel, line: bytes from one to the next; a channel is the next byte. */
typedef struct {
    int32_t columns;
    int32_t lines;
    int32_t pixel;
    int32_t line;
} tk_planes_shape;

#ifdef __cplusplus
}
#endif

#endif

#endif
