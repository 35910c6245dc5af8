/* SPDX-License-Identifier: Apache-2.0 */
/* Convolutions and depthwise convolutions on Helium: what their functions share. */
#ifndef TK_MVE_CONV_H
#define TK_MVE_CONV_H

#include "tk_mve_columns_s8.h"
#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TK_MVE_MAX_ROWS 32

/* How windows go down a tensor, NHWC; rows in bytes. Output row i sees the input rows i * stride - pad + r * dilation for
 * 0 <= r < rows <= TK_MVE_MAX_ROWS; `padding` is a row of zero points that stands for those outside. */
typedef struct {
    int32_t batch;
    int32_t in_h;
    int32_t in_row;
    int32_t out_h;
    int32_t out_row;
    int32_t rows;
    int32_t stride;
    int32_t pad;
    int32_t dilation;
    const int8_t *padding;
} tk_mve_rows;

/* Pointers to `count` input rows, the first of them the first that output row i of an image sees. */
static inline void tk_mve_find_rows(const int8_t *image, int32_t i, int32_t count, const tk_mve_rows *down, const int8_t **rows)
{
    for (int32_t r = 0; r < count; ++r) {
        const int32_t row = i * down->stride - down->pad + r * down->dilation;

        rows[r] = row >= 0 && row < down->in_h ? image + row * down->in_row : down->padding;
    }
}

/* A convolution. Weights in the order [column of the kernel][row][channel], as tk_mve_gemm.h packs them. A row's pixels are
 * computed in `run_count` runs of TK_MVE_RUN_WORDS (several if columns are dilated); none: the windows are contiguous in the
 * input's row, there is but one kernel row and no padding beside it. A row has `pixels`.
 * two: how two rows at once are computed, for odd `pixels` and a single run; row_step 0: they are not. */
typedef struct {
    tk_mve_gemm gemm;
    tk_mve_gemm two;
    tk_mve_columns columns;
    const int32_t *runs;
    int32_t run_count;
    int32_t pixels;
    tk_mve_rows down;
} tk_mve_conv;

#ifdef __cplusplus
}
#endif

#endif
