/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_COLUMNS_DSP_S8_H
#define TK_DEPTHWISE_COLUMNS_DSP_S8_H

#include "tk_columns.h"

#ifdef __cplusplus
extern "C" {
#endif

/* columns: of all rows. pad: rows above the image. */
typedef struct {
    tk_columns columns;
    int32_t batch;
    int32_t in_rows;
    int32_t out_rows;
    int32_t stride;
    int32_t pad;
} tk_depthwise_columns;

/* DEPTHWISE_CONV_2D, int8, 3x3, one result of an input channel, without scratch (tk_columns.h).
 * Layout: x and y NHWC; stride 1 or 2; a window sees at least two rows of the image, and no more than one
 * column of padding on either side. Aliasing: none.
 * Exact: equals the convolution whose constants were folded. */
void tk_depthwise_columns_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise_columns *layer);

#ifdef __cplusplus
}
#endif

#endif
