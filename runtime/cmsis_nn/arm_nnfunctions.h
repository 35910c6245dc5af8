/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the CMSIS-NN 7 interface that generated code calls, in portable C99: a stand-in for Arm's library with the
 * same names, types and, bit for bit, the same results.
 *
 * Common to all functions
 * - Activations are int8 if nothing else is said, [n][h][w][c] in memory. Shapes are consistent and every element count fits
 *   into int32.
 * - Zero points: input_offset = -zero_point (-127..128), output_offset = zero_point (-128..127).
 * - requantize(x, multiplier, shift) = x * multiplier * 2^(shift - 31), rounded as TensorFlow Lite Micro does: the doubling
 *   high product to nearest, halves up, then the right shift to nearest, halves away from zero. 0 <= multiplier,
 *   -31 <= shift <= 30; for shift > 0, x * 2^shift fits into int32.
 * - Accumulators are int32 and must not overflow: no model with a reasonable bias comes near.
 * - clamp(y) limits y to [activation.min, activation.max].
 * - Inputs and outputs do not overlap unless the function says that they may.
 * - ctx is accepted for compatibility. It is not read: ctx->buf may be NULL, and 0 bytes of scratch are enough. The
 *   *_get_buffer_size functions answer what Arm's do in a build without DSP and MVE extensions.
 * - bias_data may be NULL; bias_dims is not read.
 */
#ifndef ARM_NNFUNCTIONS_H
#define ARM_NNFUNCTIONS_H

#include "arm_nn_types.h"

/* Tells this header from Arm's. */
#define TINYCC_BUNDLED_CMSIS_NN 1

#ifdef __cplusplus
extern "C" {
#endif

/* Convolution, any stride, dilation, padding, batch:
 *     out[n][y][x][o] = clamp(requantize(bias[o] + sum (in[n][y * stride.h - padding.h + i * dilation.h][...][g * c + k]
 *                             + input_offset) * filter[o][i][j][k], multiplier[o], shift[o]) + output_offset)
 * over i, j, k; taps outside the image contribute nothing. filter_dims: n = output channels, h, w, c = channels per group.
 * Groups: input_dims->c / c of them (g above), each with an equal share of the output channels.
 * upscale_dims: NULL, or h and w where 2 means that the input is read as if every second row (column) were padding, with
 * input_dims giving the size so obtained; not together with groups.
 * ARM_CMSIS_NN_ARG_ERROR: the channels do not divide into groups.
 */
arm_cmsis_nn_status arm_convolve_s8(const cmsis_nn_context *ctx,
                                    const cmsis_nn_conv_params *conv_params,
                                    const cmsis_nn_per_channel_quant_params *quant_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const int8_t *filter_data,
                                    const cmsis_nn_dims *bias_dims,
                                    const int32_t *bias_data,
                                    const cmsis_nn_dims *upscale_dims,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data);

int32_t arm_convolve_s8_get_buffer_size(const cmsis_nn_dims *input_dims, const cmsis_nn_dims *filter_dims);

/* arm_convolve_s8 for a 1x1 filter and stride 1 (filter_dims is not read).
 * ARM_CMSIS_NN_ARG_ERROR: padding, or another stride.
 */
arm_cmsis_nn_status arm_convolve_1x1_s8_fast(const cmsis_nn_context *ctx,
                                             const cmsis_nn_conv_params *conv_params,
                                             const cmsis_nn_per_channel_quant_params *quant_params,
                                             const cmsis_nn_dims *input_dims,
                                             const int8_t *input_data,
                                             const cmsis_nn_dims *filter_dims,
                                             const int8_t *filter_data,
                                             const cmsis_nn_dims *bias_dims,
                                             const int32_t *bias_data,
                                             const cmsis_nn_dims *output_dims,
                                             int8_t *output_data);

int32_t arm_convolve_1x1_s8_fast_get_buffer_size(const cmsis_nn_dims *input_dims);

/* arm_convolve_s8 for a 1x1 filter and any stride (filter_dims is not read). ARM_CMSIS_NN_ARG_ERROR: padding. */
arm_cmsis_nn_status arm_convolve_1x1_s8(const cmsis_nn_context *ctx,
                                        const cmsis_nn_conv_params *conv_params,
                                        const cmsis_nn_per_channel_quant_params *quant_params,
                                        const cmsis_nn_dims *input_dims,
                                        const int8_t *input_data,
                                        const cmsis_nn_dims *filter_dims,
                                        const int8_t *filter_data,
                                        const cmsis_nn_dims *bias_dims,
                                        const int32_t *bias_data,
                                        const cmsis_nn_dims *output_dims,
                                        int8_t *output_data);

/* arm_convolve_s8 for an image of one row. ARM_CMSIS_NN_ARG_ERROR: input_dims->h or dilation.w not 1, stride.w 0, or
 * stride.w * input_dims->c not a multiple of 4.
 */
arm_cmsis_nn_status arm_convolve_1_x_n_s8(const cmsis_nn_context *ctx,
                                          const cmsis_nn_conv_params *conv_params,
                                          const cmsis_nn_per_channel_quant_params *quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *filter_dims,
                                          const int8_t *filter_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data);

int32_t arm_convolve_1_x_n_s8_get_buffer_size(const cmsis_nn_conv_params *conv_params,
                                              const cmsis_nn_dims *input_dims,
                                              const cmsis_nn_dims *filter_dims,
                                              const cmsis_nn_dims *output_dims);

/* Transposed convolution, any stride, padding, batch; dilation and padding_offsets are not read:
 *     out[n][y][x][o] = clamp(requantize(bias[o] + sum (in[n][i][j][k] + input_offset)
 *                             * filter[o][y + padding.h - i * stride.h][x + padding.w - j * stride.w][k],
 *                             multiplier[o], shift[o]) + output_offset)
 * over i, j, k, as far as the filter has such taps. filter_dims: n = output channels, h, w, c = input channels.
 * output_ctx is not read. Arm's function asks for an output as large as what strides and filter make of the input, less the
 * padding.
 */
arm_cmsis_nn_status arm_transpose_conv_s8(const cmsis_nn_context *ctx,
                                          const cmsis_nn_context *output_ctx,
                                          const cmsis_nn_transpose_conv_params *transpose_conv_params,
                                          const cmsis_nn_per_channel_quant_params *quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *filter_dims,
                                          const int8_t *filter_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data);

/* Depthwise convolution, any stride, dilation, padding, batch: output channel o reads input channel o / ch_mult alone.
 * filter_dims: h, w, c = output channels; filter[h][w][o]. output_dims->c = ch_mult * input_dims->c.
 */
arm_cmsis_nn_status arm_depthwise_conv_s8(const cmsis_nn_context *ctx,
                                          const cmsis_nn_dw_conv_params *dw_conv_params,
                                          const cmsis_nn_per_channel_quant_params *quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *filter_dims,
                                          const int8_t *filter_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data);

/* arm_depthwise_conv_s8 for a 3x3 filter and ch_mult 1. For one image and dilation 1: Arm's function reads neither of them.
 * ARM_CMSIS_NN_ARG_ERROR: another filter, unequal channels, or padding.w > 1.
 */
arm_cmsis_nn_status arm_depthwise_conv_3x3_s8(const cmsis_nn_context *ctx,
                                              const cmsis_nn_dw_conv_params *dw_conv_params,
                                              const cmsis_nn_per_channel_quant_params *quant_params,
                                              const cmsis_nn_dims *input_dims,
                                              const int8_t *input_data,
                                              const cmsis_nn_dims *filter_dims,
                                              const int8_t *filter_data,
                                              const cmsis_nn_dims *bias_dims,
                                              const int32_t *bias_data,
                                              const cmsis_nn_dims *output_dims,
                                              int8_t *output_data);

/* arm_depthwise_conv_s8 for ch_mult 1. For one image and dilation 1, as above. ARM_CMSIS_NN_ARG_ERROR: unequal channels. */
arm_cmsis_nn_status arm_depthwise_conv_s8_opt(const cmsis_nn_context *ctx,
                                              const cmsis_nn_dw_conv_params *dw_conv_params,
                                              const cmsis_nn_per_channel_quant_params *quant_params,
                                              const cmsis_nn_dims *input_dims,
                                              const int8_t *input_data,
                                              const cmsis_nn_dims *filter_dims,
                                              const int8_t *filter_data,
                                              const cmsis_nn_dims *bias_dims,
                                              const int32_t *bias_data,
                                              const cmsis_nn_dims *output_dims,
                                              int8_t *output_data);

int32_t arm_depthwise_conv_s8_opt_get_buffer_size(const cmsis_nn_dims *input_dims, const cmsis_nn_dims *filter_dims);

/* Products of matrices, the second one transposed:
 *     out[n][h][i][j] = clamp(requantize(sum over k of (lhs[n][h][i][k] + input_offset) * (rhs[n][h][j][k] + filter_offset))
 *                             + output_offset)
 * Dims: n, h (1 in one operand: repeated), w = rows, c = depth (k); output_dims: n and h are read. adj_x and adj_y are not.
 * Arm's function with MVE: ctx->buf has 4 bytes for each j.
 */
arm_cmsis_nn_status arm_batch_matmul_s8(const cmsis_nn_context *ctx,
                                        const cmsis_nn_bmm_params *bmm_params,
                                        const cmsis_nn_per_tensor_quant_params *quant_params,
                                        const cmsis_nn_dims *input_lhs_dims,
                                        const int8_t *input_lhs,
                                        const cmsis_nn_dims *input_rhs_dims,
                                        const int8_t *input_rhs,
                                        const cmsis_nn_dims *output_dims,
                                        int8_t *output);

/* The same for int16 with zero point 0 (offsets are not read): 64-bit sums, the multiplier rounded to 15 bits, the product
 * rounded once. -31 <= shift <= 7.
 */
arm_cmsis_nn_status arm_batch_matmul_s16(const cmsis_nn_context *ctx,
                                         const cmsis_nn_bmm_params *bmm_params,
                                         const cmsis_nn_per_tensor_quant_params *quant_params,
                                         const cmsis_nn_dims *input_lhs_dims,
                                         const int16_t *input_lhs,
                                         const cmsis_nn_dims *input_rhs_dims,
                                         const int16_t *input_rhs,
                                         const cmsis_nn_dims *output_dims,
                                         int16_t *output);

/* Fully connected, one multiplier for the tensor:
 *     out[n][o] = clamp(requantize(bias[o] + sum over k of (in[n][k] + input_offset) * (filter[o][k] + filter_offset)) + ...)
 * input_dims: n = batches; filter_dims: n = depth (k); output_dims: c = outputs (o).
 */
arm_cmsis_nn_status arm_fully_connected_s8(const cmsis_nn_context *ctx,
                                           const cmsis_nn_fc_params *fc_params,
                                           const cmsis_nn_per_tensor_quant_params *quant_params,
                                           const cmsis_nn_dims *input_dims,
                                           const int8_t *input_data,
                                           const cmsis_nn_dims *filter_dims,
                                           const int8_t *filter_data,
                                           const cmsis_nn_dims *bias_dims,
                                           const int32_t *bias_data,
                                           const cmsis_nn_dims *output_dims,
                                           int8_t *output_data);

/* The same with one multiplier and shift per output. */
arm_cmsis_nn_status arm_fully_connected_per_channel_s8(const cmsis_nn_context *ctx,
                                                       const cmsis_nn_fc_params *fc_params,
                                                       const cmsis_nn_per_channel_quant_params *quant_params,
                                                       const cmsis_nn_dims *input_dims,
                                                       const int8_t *input_data,
                                                       const cmsis_nn_dims *filter_dims,
                                                       const int8_t *filter_data,
                                                       const cmsis_nn_dims *bias_dims,
                                                       const int32_t *bias_data,
                                                       const cmsis_nn_dims *output_dims,
                                                       int8_t *output_data);

int32_t arm_fully_connected_s8_get_buffer_size(const cmsis_nn_dims *filter_dims);
int32_t arm_fully_connected_s8_get_buffer_size_dsp(const cmsis_nn_dims *filter_dims);
int32_t arm_fully_connected_s8_get_buffer_size_mve(const cmsis_nn_dims *filter_dims);

/* vector_sum_buf[row] = bias[row] + lhs_offset * sum over columns of (vector[row][column] + rhs_offset): what Arm's MVE build
 * wants in ctx->buf of a fully connected layer. bias_data may be NULL.
 */
arm_cmsis_nn_status arm_vector_sum_s8(int32_t *vector_sum_buf,
                                      const int32_t vector_cols,
                                      const int32_t vector_rows,
                                      const int8_t *vector_data,
                                      const int32_t lhs_offset,
                                      const int32_t rhs_offset,
                                      const int32_t *bias_data);

/* out[i] = clamp(requantize(a + b, out_mult, out_shift) + out_offset), where a = requantize((in1[i] + offset1) << left_shift,
 * mult1, shift1) and b likewise from in2. The output may be one of the inputs.
 */
arm_cmsis_nn_status arm_elementwise_add_s8(const int8_t *input_1_vect,
                                           const int8_t *input_2_vect,
                                           const int32_t input_1_offset,
                                           const int32_t input_1_mult,
                                           const int32_t input_1_shift,
                                           const int32_t input_2_offset,
                                           const int32_t input_2_mult,
                                           const int32_t input_2_shift,
                                           const int32_t left_shift,
                                           int8_t *output,
                                           const int32_t out_offset,
                                           const int32_t out_mult,
                                           const int32_t out_shift,
                                           const int32_t out_activation_min,
                                           const int32_t out_activation_max,
                                           const int32_t block_size);

/* out[i] = clamp(requantize((in1[i] + offset1) * (in2[i] + offset2), out_mult, out_shift) + out_offset). The output may be one
 * of the inputs.
 */
arm_cmsis_nn_status arm_elementwise_mul_s8(const int8_t *input_1_vect,
                                           const int8_t *input_2_vect,
                                           const int32_t input_1_offset,
                                           const int32_t input_2_offset,
                                           int8_t *output,
                                           const int32_t out_offset,
                                           const int32_t out_mult,
                                           const int32_t out_shift,
                                           const int32_t out_activation_min,
                                           const int32_t out_activation_max,
                                           const int32_t block_size);

/* Average over the part of the window inside the image, to nearest, halves away from zero, then clamped. Scales are not
 * touched: input and output share theirs. filter_dims: h, w. ARM_CMSIS_NN_ARG_ERROR: no image, or a window outside of it.
 */
arm_cmsis_nn_status arm_avgpool_s8(const cmsis_nn_context *ctx,
                                   const cmsis_nn_pool_params *pool_params,
                                   const cmsis_nn_dims *input_dims,
                                   const int8_t *input_data,
                                   const cmsis_nn_dims *filter_dims,
                                   const cmsis_nn_dims *output_dims,
                                   int8_t *output_data);

int32_t arm_avgpool_s8_get_buffer_size(const int dim_dst_width, const int ch_src);
int32_t arm_avgpool_s8_get_buffer_size_dsp(const int dim_dst_width, const int ch_src);
int32_t arm_avgpool_s8_get_buffer_size_mve(const int dim_dst_width, const int ch_src);

/* Maximum over the part of the window inside the image (-128 if there is none), then clamped. filter_dims: h, w.
 * ARM_CMSIS_NN_ARG_ERROR: no image.
 */
arm_cmsis_nn_status arm_max_pool_s8(const cmsis_nn_context *ctx,
                                    const cmsis_nn_pool_params *pool_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data);

/* Softmax over each of num_rows rows, in fixed point as TensorFlow Lite Micro does it; output scale 1/256, zero point -128.
 * mult, shift: beta * input scale, as a factor for differences in Q5.26; differences below diff_min count as exp = 0 and give
 * -128, all of them if it is positive.
 * row_size < 512 (beyond, Arm's code may shift by 32 bits). The output may be the input.
 */
void arm_softmax_s8(const int8_t *input,
                    const int32_t num_rows,
                    const int32_t row_size,
                    const int32_t mult,
                    const int32_t shift,
                    const int32_t diff_min,
                    int8_t *output);

/* Copies total_size bytes. */
void arm_reshape_s8(const int8_t *input, int8_t *output, const uint32_t total_size);

/* Axis i of the output is axis permutations[i] of the input. num_dims 1 to 4; a shape of d axes uses the first d of n, h, w, c.
 * output_dims is not read. ARM_CMSIS_NN_ARG_ERROR: a permutation names an axis that does not exist.
 */
arm_cmsis_nn_status arm_transpose_s8(const int8_t *input_data,
                                     int8_t *const output_data,
                                     const cmsis_nn_dims *const input_dims,
                                     const cmsis_nn_dims *const output_dims,
                                     const cmsis_nn_transpose_params *const transpose_params);

/* Copies one operand of a concatenation along the innermost axis (x) into its place: input [w][z][y][x], output rows of
 * output_x elements, of which it fills input_x from offset_x on.
 */
void arm_concatenation_s8_x(const int8_t *input,
                            const uint16_t input_x,
                            const uint16_t input_y,
                            const uint16_t input_z,
                            const uint16_t input_w,
                            int8_t *output,
                            const uint16_t output_x,
                            const uint32_t offset_x);

/* Surrounds the input with pre_pad and post_pad elements of pad_value along each axis. */
arm_cmsis_nn_status arm_pad_s8(const int8_t *input,
                               int8_t *output,
                               const int8_t pad_value,
                               const cmsis_nn_dims *input_size,
                               const cmsis_nn_dims *pre_pad,
                               const cmsis_nn_dims *post_pad);

/* Element-wise minimum and maximum of raw values (one scale and zero point throughout). An operand is broadcast along each
 * axis where its length is 1. The output may be an operand that is not broadcast.
 */
arm_cmsis_nn_status arm_minimum_s8(const cmsis_nn_context *ctx,
                                   const int8_t *input_1_data,
                                   const cmsis_nn_dims *input_1_dims,
                                   const int8_t *input_2_data,
                                   const cmsis_nn_dims *input_2_dims,
                                   int8_t *output_data,
                                   const cmsis_nn_dims *output_dims);

arm_cmsis_nn_status arm_maximum_s8(const cmsis_nn_context *ctx,
                                   const int8_t *input_1_data,
                                   const cmsis_nn_dims *input_1_dims,
                                   const int8_t *input_2_data,
                                   const cmsis_nn_dims *input_2_dims,
                                   int8_t *output_data,
                                   const cmsis_nn_dims *output_dims);

/* 16-bit activations
 *
 * int16 with zero point 0, weights int8, scales as above: input_offset, filter_offset and output_offset are not read. Sums have
 * 64 bits, with an int64 bias, and are rescaled as TensorFlow Lite Micro does it: the multiplier is first rounded to 15 bits,
 * and the product then rounded once, halves up; -31 <= shift <= 7. (Arm's code keeps the first 512 products in 32 bits, and
 * without DSP and MVE all products of the last of an odd number of pixels.)
 */

/* arm_convolve_s8 without groups. bias_data must be there, bias_data->data may be NULL. With bias_data->is_int32_bias bias and
 * sums have 32 bits and are requantized as above. Arm's function wants its buffer: ctx->buf must not be NULL there.
 */
arm_cmsis_nn_status arm_convolve_s16(const cmsis_nn_context *ctx,
                                     const cmsis_nn_conv_params *conv_params,
                                     const cmsis_nn_per_channel_quant_params *quant_params,
                                     const cmsis_nn_dims *input_dims,
                                     const int16_t *input_data,
                                     const cmsis_nn_dims *filter_dims,
                                     const int8_t *filter_data,
                                     const cmsis_nn_dims *bias_dims,
                                     const cmsis_nn_bias_data *bias_data,
                                     const cmsis_nn_dims *output_dims,
                                     int16_t *output_data);

arm_cmsis_nn_status arm_depthwise_conv_s16(const cmsis_nn_context *ctx,
                                           const cmsis_nn_dw_conv_params *dw_conv_params,
                                           const cmsis_nn_per_channel_quant_params *quant_params,
                                           const cmsis_nn_dims *input_dims,
                                           const int16_t *input_data,
                                           const cmsis_nn_dims *filter_dims,
                                           const int8_t *filter_data,
                                           const cmsis_nn_dims *bias_dims,
                                           const int64_t *bias_data,
                                           const cmsis_nn_dims *output_dims,
                                           int16_t *output_data);

/* arm_depthwise_conv_s16 for ch_mult 1, dilation 1, less than 512 taps and windows that all meet the image. Arm's function
 * wants 2 bytes for each tap of each channel (DSP), or four times that and 8 bytes more (MVE, where it reads up to three
 * elements beyond weights, bias and factors unless the channels are a multiple of four).
 * ARM_CMSIS_NN_ARG_ERROR: output channels unlike the input's, too many taps.
 */
arm_cmsis_nn_status arm_depthwise_conv_fast_s16(const cmsis_nn_context *ctx,
                                                const cmsis_nn_dw_conv_params *dw_conv_params,
                                                const cmsis_nn_per_channel_quant_params *quant_params,
                                                const cmsis_nn_dims *input_dims,
                                                const int16_t *input_data,
                                                const cmsis_nn_dims *filter_dims,
                                                const int8_t *filter_data,
                                                const cmsis_nn_dims *bias_dims,
                                                const int64_t *bias_data,
                                                const cmsis_nn_dims *output_dims,
                                                int16_t *output_data);

arm_cmsis_nn_status arm_fully_connected_s16(const cmsis_nn_context *ctx,
                                            const cmsis_nn_fc_params *fc_params,
                                            const cmsis_nn_per_tensor_quant_params *quant_params,
                                            const cmsis_nn_dims *input_dims,
                                            const int16_t *input_data,
                                            const cmsis_nn_dims *filter_dims,
                                            const int8_t *filter_data,
                                            const cmsis_nn_dims *bias_dims,
                                            const int64_t *bias_data,
                                            const cmsis_nn_dims *output_dims,
                                            int16_t *output_data);

/* As for int8, but without the offsets. left_shift is 15 where the zero points are 0. */
arm_cmsis_nn_status arm_elementwise_add_s16(const int16_t *input_1_vect,
                                            const int16_t *input_2_vect,
                                            const int32_t input_1_offset,
                                            const int32_t input_1_mult,
                                            const int32_t input_1_shift,
                                            const int32_t input_2_offset,
                                            const int32_t input_2_mult,
                                            const int32_t input_2_shift,
                                            const int32_t left_shift,
                                            int16_t *output,
                                            const int32_t out_offset,
                                            const int32_t out_mult,
                                            const int32_t out_shift,
                                            const int32_t out_activation_min,
                                            const int32_t out_activation_max,
                                            const int32_t block_size);

arm_cmsis_nn_status arm_elementwise_mul_s16(const int16_t *input_1_vect,
                                            const int16_t *input_2_vect,
                                            const int32_t input_1_offset,
                                            const int32_t input_2_offset,
                                            int16_t *output,
                                            const int32_t out_offset,
                                            const int32_t out_mult,
                                            const int32_t out_shift,
                                            const int32_t out_activation_min,
                                            const int32_t out_activation_max,
                                            const int32_t block_size);

arm_cmsis_nn_status arm_avgpool_s16(const cmsis_nn_context *ctx,
                                   const cmsis_nn_pool_params *pool_params,
                                   const cmsis_nn_dims *input_dims,
                                   const int16_t *input_data,
                                   const cmsis_nn_dims *filter_dims,
                                   const cmsis_nn_dims *output_dims,
                                   int16_t *output_data);

arm_cmsis_nn_status arm_max_pool_s16(const cmsis_nn_context *ctx,
                                    const cmsis_nn_pool_params *pool_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int16_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const cmsis_nn_dims *output_dims,
                                    int16_t *output_data);

/* arm_softmax_s8 with output scale 1/65536, zero point -32768; row_size < 4096. */
void arm_softmax_s8_s16(const int8_t *input,
                        const int32_t num_rows,
                        const int32_t row_size,
                        const int32_t mult,
                        const int32_t shift,
                        const int32_t diff_min,
                        int16_t *output);

/* SVDF with int16 state. Every filter forgets its oldest result; the newest one of filter f is the rescaled dot product of the
 * input [n][h] (zero point svdf_params->input_offset, not its negative) with weights_feature_data[f], clamped to
 * input_activation. Output [n][unit]: the rescaled sum of state * time weight over the `rank` filters of a unit, plus bias.
 * weights_feature_dims: n filters; weights_time_dims: h results that each filter keeps; the state is [n][filter][h].
 * Scratch: 4 bytes per filter (input_ctx) and per unit (output_ctx), for each n; here only the former, for one n.
 * ARM_CMSIS_NN_ARG_ERROR: no buffer.
 */
arm_cmsis_nn_status arm_svdf_state_s16_s8(const cmsis_nn_context *input_ctx,
                                          const cmsis_nn_context *output_ctx,
                                          const cmsis_nn_svdf_params *svdf_params,
                                          const cmsis_nn_per_tensor_quant_params *input_quant_params,
                                          const cmsis_nn_per_tensor_quant_params *output_quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *state_dims,
                                          int16_t *state_data,
                                          const cmsis_nn_dims *weights_feature_dims,
                                          const int8_t *weights_feature_data,
                                          const cmsis_nn_dims *weights_time_dims,
                                          const int16_t *weights_time_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data);

/* The same with int8 state and int8 time weights; the state has no zero point. ctx: in a build with MVE extensions Arm's
 * function reads the kernel sums there, see arm_vector_sum_s8.
 */
arm_cmsis_nn_status arm_svdf_s8(const cmsis_nn_context *ctx,
                                const cmsis_nn_context *input_ctx,
                                const cmsis_nn_context *output_ctx,
                                const cmsis_nn_svdf_params *svdf_params,
                                const cmsis_nn_per_tensor_quant_params *input_quant_params,
                                const cmsis_nn_per_tensor_quant_params *output_quant_params,
                                const cmsis_nn_dims *input_dims,
                                const int8_t *input_data,
                                const cmsis_nn_dims *state_dims,
                                int8_t *state_data,
                                const cmsis_nn_dims *weights_feature_dims,
                                const int8_t *weights_feature_data,
                                const cmsis_nn_dims *weights_time_dims,
                                const int8_t *weights_time_data,
                                const cmsis_nn_dims *bias_dims,
                                const int32_t *bias_data,
                                const cmsis_nn_dims *output_dims,
                                int8_t *output_data);

/* Packed int4 weights: element 2i of filter_data is the low half of byte i, element 2i + 1 the high one. */

/* arm_convolve_s8 without groups and upscaling. ctx of Arm's function: 2 bytes for each tap and input channel of two pixels;
 * with MVE 1 byte for each, rounded up to 16, of four pixels.
 */
arm_cmsis_nn_status arm_convolve_s4(const cmsis_nn_context *ctx,
                                    const cmsis_nn_conv_params *conv_params,
                                    const cmsis_nn_per_channel_quant_params *quant_params,
                                    const cmsis_nn_dims *input_dims,
                                    const int8_t *input_data,
                                    const cmsis_nn_dims *filter_dims,
                                    const int8_t *filter_data,
                                    const cmsis_nn_dims *bias_dims,
                                    const int32_t *bias_data,
                                    const cmsis_nn_dims *output_dims,
                                    int8_t *output_data);

int32_t arm_convolve_s4_get_buffer_size(const cmsis_nn_dims *input_dims, const cmsis_nn_dims *filter_dims);

/* arm_convolve_s4 for a 1x1 filter and stride 1 (filter_dims is not read).
 * ARM_CMSIS_NN_ARG_ERROR: padding, or another stride.
 */
arm_cmsis_nn_status arm_convolve_1x1_s4_fast(const cmsis_nn_context *ctx,
                                             const cmsis_nn_conv_params *conv_params,
                                             const cmsis_nn_per_channel_quant_params *quant_params,
                                             const cmsis_nn_dims *input_dims,
                                             const int8_t *input_data,
                                             const cmsis_nn_dims *filter_dims,
                                             const int8_t *filter_data,
                                             const cmsis_nn_dims *bias_dims,
                                             const int32_t *bias_data,
                                             const cmsis_nn_dims *output_dims,
                                             int8_t *output_data);

int32_t arm_convolve_1x1_s4_fast_get_buffer_size(const cmsis_nn_dims *input_dims);

/* arm_convolve_s4 for a 1x1 filter and any stride (filter_dims is not read). ARM_CMSIS_NN_ARG_ERROR: padding. */
arm_cmsis_nn_status arm_convolve_1x1_s4(const cmsis_nn_context *ctx,
                                        const cmsis_nn_conv_params *conv_params,
                                        const cmsis_nn_per_channel_quant_params *quant_params,
                                        const cmsis_nn_dims *input_dims,
                                        const int8_t *input_data,
                                        const cmsis_nn_dims *filter_dims,
                                        const int8_t *filter_data,
                                        const cmsis_nn_dims *bias_dims,
                                        const int32_t *bias_data,
                                        const cmsis_nn_dims *output_dims,
                                        int8_t *output_data);

/* arm_depthwise_conv_s8 with int4 weights. Arm's function is wrong for odd numbers of input channels. */
arm_cmsis_nn_status arm_depthwise_conv_s4(const cmsis_nn_context *ctx,
                                          const cmsis_nn_dw_conv_params *dw_conv_params,
                                          const cmsis_nn_per_channel_quant_params *quant_params,
                                          const cmsis_nn_dims *input_dims,
                                          const int8_t *input_data,
                                          const cmsis_nn_dims *filter_dims,
                                          const int8_t *filter_data,
                                          const cmsis_nn_dims *bias_dims,
                                          const int32_t *bias_data,
                                          const cmsis_nn_dims *output_dims,
                                          int8_t *output_data);

/* arm_depthwise_conv_s4 for ch_mult 1. For one image and dilation 1: Arm's function reads neither of them.
 * ARM_CMSIS_NN_ARG_ERROR: unequal channels.
 */
arm_cmsis_nn_status arm_depthwise_conv_s4_opt(const cmsis_nn_context *ctx,
                                              const cmsis_nn_dw_conv_params *dw_conv_params,
                                              const cmsis_nn_per_channel_quant_params *quant_params,
                                              const cmsis_nn_dims *input_dims,
                                              const int8_t *input_data,
                                              const cmsis_nn_dims *filter_dims,
                                              const int8_t *filter_data,
                                              const cmsis_nn_dims *bias_dims,
                                              const int32_t *bias_data,
                                              const cmsis_nn_dims *output_dims,
                                              int8_t *output_data);

int32_t arm_depthwise_conv_s4_opt_get_buffer_size(const cmsis_nn_dims *input_dims, const cmsis_nn_dims *filter_dims);

/* arm_fully_connected_s8 without filter_offset, which is not read. */
arm_cmsis_nn_status arm_fully_connected_s4(const cmsis_nn_context *ctx,
                                           const cmsis_nn_fc_params *fc_params,
                                           const cmsis_nn_per_tensor_quant_params *quant_params,
                                           const cmsis_nn_dims *input_dims,
                                           const int8_t *input_data,
                                           const cmsis_nn_dims *filter_dims,
                                           const int8_t *filter_data,
                                           const cmsis_nn_dims *bias_dims,
                                           const int32_t *bias_data,
                                           const cmsis_nn_dims *output_dims,
                                           int8_t *output_data);

#ifdef __cplusplus
}
#endif

#endif
