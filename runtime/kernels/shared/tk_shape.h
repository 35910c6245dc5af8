/* SPDX-License-Identifier: Apache-2.0 */
/* Shapes and parameters shared by several kernels. Sizes and strides count elements, not bytes. */
#ifndef TK_SHAPE_H
#define TK_SHAPE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TK_MAX_RANK 6

/* Two inputs stretched over one output, whose elements are contiguous in row-major order.
 * Element (i0, i1, ...) of the first input lies at i0 * stride1[0] + i1 * stride1[1] + ..., and so for the second; a
 * stride of 0 repeats the input along that dimension. 1 <= rank <= TK_MAX_RANK, every dimension >= 1, the innermost
 * strides are 0 or 1. Adjacent dimensions that step alike should be merged beforehand: the innermost one is the tight
 * loop. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t stride1[TK_MAX_RANK];
    int32_t stride2[TK_MAX_RANK];
} tk_broadcast;

/* A contiguous input folded onto a smaller output. `dims` are the input's, `stride` the output elements that one step
 * along each of them moves: 0 where the dimension is reduced. Limits and merging as for tk_broadcast. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t stride[TK_MAX_RANK];
} tk_reduce;

/* The bounds of a fused activation: min <= max, neither NaN. -INFINITY and INFINITY leave a value as it is.
 * A NaN value passes through unchanged. */
typedef struct {
    float min;
    float max;
} tk_range_f32;

/* A window sliding over an NHWC tensor. Output pixel (oh, ow) sees the input pixels
 * ih = oh * stride_h - pad_h + kh * dilation_h, iw = ow * stride_w - pad_w + kw * dilation_w; those outside the input
 * are left out.
 * Strides and dilations >= 1, pads >= 0. Convolution: `groups` >= 1 divides in_c and out_c; the others do not read it.
 * Depthwise: out_c is a multiple of in_c. Pooling: out_c == in_c, dilations 1. */
typedef struct {
    int32_t batch;
    int32_t in_h;
    int32_t in_w;
    int32_t in_c;
    int32_t out_h;
    int32_t out_w;
    int32_t out_c;
    int32_t k_h;
    int32_t k_w;
    int32_t stride_h;
    int32_t stride_w;
    int32_t pad_h;
    int32_t pad_w;
    int32_t dilation_h;
    int32_t dilation_w;
    int32_t groups;
} tk_conv_shape;

/* Integer addition and subtraction of int8 tensors of different scales (see the kernels for the formula).
 * Offsets: minus the zero point for the inputs (-127..128), plus the zero point for the output (-128..127).
 * Multipliers: 0 or 2^30 .. 2^31 - 1. Shifts: -31..0, that is only to the right. -128 <= min <= max <= 127. */
typedef struct {
    int32_t input1_offset;
    int32_t input1_multiplier;
    int32_t input2_offset;
    int32_t input2_multiplier;
    int32_t output_offset;
    int32_t output_multiplier;
    int32_t min;
    int32_t max;
    int8_t input1_shift;
    int8_t input2_shift;
    int8_t output_shift;
} tk_add_s8_params;

/* The same for int16 tensors: |offsets| <= 2^15, -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t input1_offset;
    int32_t input1_multiplier;
    int32_t input2_offset;
    int32_t input2_multiplier;
    int32_t output_offset;
    int32_t output_multiplier;
    int32_t min;
    int32_t max;
    int8_t input1_shift;
    int8_t input2_shift;
    int8_t output_shift;
} tk_add_s16_params;

/* `count` indices of `depth` coordinates each, which lead to slices of another tensor: coordinate d is one of dims[d],
 * which lie stride[d] elements apart. A slice has slice_elements.
 * 0 <= depth <= TK_MAX_RANK, everything else >= 1. */
typedef struct {
    int32_t count;
    int32_t depth;
    int32_t dims[TK_MAX_RANK];
    int32_t stride[TK_MAX_RANK];
    int32_t slice_elements;
} tk_index_shape;

/* Products of matrices, one for each step of `batches`, which leads to the first elements of x and w: sums of `depth`
 * products x * w. Elements from one row of x to the next, from one column of w to the next, and along the sum in both.
 * batches as for tk_broadcast, its innermost strides may be any; everything else >= 1. */
typedef struct {
    tk_broadcast batches;
    int32_t rows;
    int32_t columns;
    int32_t depth;
    int32_t x_row;
    int32_t x_step;
    int32_t w_column;
    int32_t w_step;
} tk_matmul_shape;

/* An NHWC image and its resized copy. Everything >= 1. */
typedef struct {
    int32_t batch;
    int32_t in_h;
    int32_t in_w;
    int32_t out_h;
    int32_t out_w;
    int32_t channels;
} tk_resize_sizes;

/* SVDF: unit u sums up the filters u * rank to u * rank + rank - 1; a filter remembers its last `memory` results. All >= 1. */
typedef struct {
    int32_t batch;
    int32_t inputs;
    int32_t units;
    int32_t rank;
    int32_t memory;
} tk_svdf_shape;

/* Frames of an FFT, which begin `stride` elements apart: n complex points each, the real part first. The blocks of m points
 * are transformed already (1: nothing is). inverse: 1 for the inverse, all of whose points have their parts swapped, else
 * 0. Everything else >= 1. */
typedef struct {
    int32_t frames;
    int32_t stride;
    int32_t n;
    int32_t m;
    int32_t inverse;
} tk_fft_shape;

/* LSTM: rows of the input and of the output: step t of sequence b is row b * batch_rows + t * step_rows. All >= 1. */
typedef struct {
    int32_t batch;
    int32_t steps;
    int32_t inputs;
    int32_t units;
    int32_t batch_rows;
    int32_t step_rows;
} tk_lstm_shape;

/* RNN: rows as an LSTM's, those of the output y_pitch elements apart. reverse: from the last step to the first. */
typedef struct {
    tk_lstm_shape rows;
    int32_t y_pitch;
    int32_t reverse;
} tk_rnn_shape;

/* Multipliers and shifts as for tk_requantize; the arrays in the order of the gates: input, forget, output, cell. Sums become
 * units of 2^-12 there. forget_*: forget gate * cell; update_*: input gate * cell gate, both to units of the cell, which is
 * kept between cell_min and cell_max. tanh_*: as for tk_tanh_s16, from the cell. output_*: to units of the output. */
typedef struct {
    tk_lstm_shape shape;
    int32_t input_multiplier[4];
    int32_t recurrent_multiplier[4];
    int32_t forget_multiplier;
    int32_t update_multiplier;
    int32_t cell_min;
    int32_t cell_max;
    int32_t tanh_multiplier;
    int32_t output_multiplier;
    int32_t output_offset;
    int8_t input_shift[4];
    int8_t recurrent_shift[4];
    int8_t forget_shift;
    int8_t update_shift;
    int8_t tanh_shift;
    int8_t output_shift;
} tk_lstm_params;

/* Where resized images look, in float: an output row h lies at input row h * scale_h, with half_pixel_centers at
 * (h + 1/2) * scale_h - 1/2, and so for the columns. */
typedef struct {
    tk_resize_sizes sizes;
    float scale_h;
    float scale_w;
    int32_t half_pixel_centers;
} tk_resize_f32_shape;

/* Convolutions of int8 whose weights have a zero point.
 * Offsets: minus the zero point for the input and the weights (-127..128), plus the zero point for the output (-128..127).
 * Multiplier: 0 or 2^30 .. 2^31 - 1; shift: -31..30. -128 <= min <= max <= 127. */
typedef struct {
    int32_t input_offset;
    int32_t weights_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_asymmetric_s8;

/* Operators that quantize their float inputs at run time.
 * asymmetric: how the inputs are quantized. scale_step: 1 if there is a weight scale per output channel, 0 if there is one.
 * weights_first: whether a sum is multiplied by the weight scale and then by the input's, or by the product of both. */
typedef struct {
    int32_t asymmetric;
    int32_t scale_step;
    int32_t weights_first;
    tk_range_f32 range;
} tk_hybrid;

/* Windows that slide over a tensor along all dimensions: the output's sizes, and the input elements that a step of it moves
 * by; the window's sizes, and the input elements from tap to tap. rank as for tk_broadcast; every size >= 1. */
typedef struct {
    int32_t rank;
    int32_t dims[TK_MAX_RANK];
    int32_t step[TK_MAX_RANK];
    int32_t window[TK_MAX_RANK];
    int32_t stride[TK_MAX_RANK];
} tk_windows;

/* MEAN and SUM of int8 and int16: see tk_mean_s8. */
typedef struct {
    int32_t sum_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
} tk_mean_s8_params;

/* REDUCE_PROD of int8 and int16: see tk_prod_s8. */
typedef struct {
    int32_t input_offset;
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset;
} tk_prod_params;

/* PRELU of int8 and int16. Offsets: minus the zero points of the input and of the slopes, plus that of the output.
 * Multipliers: 0 or 2^30 .. 2^31 - 1. Shifts: -31 .. 30; what leaves 32 bits wraps, as in the reference. */
typedef struct {
    int32_t input_offset;
    int32_t slope_offset;
    int32_t output_offset;
    int32_t positive_multiplier;
    int32_t negative_multiplier;
    int8_t positive_shift;
    int8_t negative_shift;
} tk_prelu_s8_params;

/* Comparisons of int8 and int16. Offsets: minus the zero points. Multipliers: 0 or 2^30 .. 2^31 - 1. Shifts: -31 .. 14. */
typedef struct {
    int32_t input1_offset;
    int32_t input1_multiplier;
    int32_t input2_offset;
    int32_t input2_multiplier;
    int8_t input1_shift;
    int8_t input2_shift;
} tk_compare_s8_params;

/* Bilinear resizing of int8 and int16: an output row h lies at (h * scale_h + offset_h) / 1024 input rows, and so for the
 * columns. |h * scale_h + offset_h| < 2^31. */
typedef struct {
    tk_resize_sizes sizes;
    int32_t scale_h;
    int32_t scale_w;
    int32_t offset_h;
    int32_t offset_w;
} tk_resize_s8_shape;

#ifdef __cplusplus
}
#endif

#endif
