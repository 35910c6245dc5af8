/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions with small kernels on Helium: cells of 4 x 4 inputs of one channel, and what becomes of them. */
#ifndef TK_MVE_CELLS_H
#define TK_MVE_CELLS_H

#include <stdint.h>

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Cells: strip s of the columns 2 s .. 2 s + 3 of at most 16 channels lies at s * strip: per row 16 channels of 4 columns each,
 * 64 bytes. Four rows of a channel are a cell: one vector, by a gather of words.
 *
 * From the input: byte x of a row is the first column's (the first that is no padding), of the first channel; `pixel` bytes are
 * between columns. `padded`: the first column is padding. `inside` columns of the rows follow, from x on; the rest is padding,
 * too. `channels`: 1..16; `in_rows`: rows of the cells; `strips`: how many.
 *
 * To the output: `out_rows` rows of `out_columns`, `out_row` and `out_pixel` bytes apart.
 * shift: of the folded functions, 0..8. offset, min, max: of the signed ones. */
typedef struct {
    int32_t x;
    int32_t channels;
    int32_t pixel;
    int32_t padded;
    int32_t inside;
    int32_t in_rows;
    int32_t strips;
    int32_t strip;
    int32_t zero_point;
    int32_t out_rows;
    int32_t out_columns;
    int32_t out_row;
    int32_t out_pixel;
    int32_t shift;
    int32_t offset;
    int32_t min;
    int32_t max;
} tk_mve_cells;

#ifdef __cplusplus
}
#endif

#endif
