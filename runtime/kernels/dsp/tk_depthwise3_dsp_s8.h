/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_DSP_S8_H
#define TK_DEPTHWISE3_DSP_S8_H

#include "tk_depthwise3.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An image and its result. Lines may be the image's rows or its columns. Sizes and pads in lines and in columns; pixel, line:
 * bytes from one to the next. weights: as in tk_depthwise3.h, of channels in fours: 0-3, 4-7, ..., the last four being the last
 * channels. channels >= 4; stride 1 or 2. */
typedef struct {
    const uint32_t *weights;
    int32_t channels;
    int32_t stride;
    int32_t zero_point;
    int32_t in_lines;
    int32_t in_columns;
    int32_t in_line;
    int32_t in_pixel;
    int32_t out_lines;
    int32_t out_columns;
    int32_t out_line;
    int32_t out_pixel;
    int32_t pad_lines;
    int32_t pad_columns;
    int32_t batch;
    int32_t in_bytes;
    int32_t out_bytes;
} tk_depthwise3_params;

/* DEPTHWISE_CONV_2D, int8, 3x3, one output channel an input channel, folded requantization (tk_depthwise3.h).
 * Layout: x and y NHWC. scratch: 16 * TK_PLANE bytes, aligned to 4. Aliasing: none.
 * Exact: equals the convolution whose constants were folded. */
void tk_depthwise3_dsp_s8(const int8_t *x, int8_t *y, const tk_depthwise3_params *params, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
