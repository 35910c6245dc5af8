/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions of this folder share: fixed-point arithmetic, kernel windows, and the row kernels.
 * Nothing here is part of the CMSIS-NN interface.
 */
#ifndef ARM_NN_INTERNAL_H
#define ARM_NN_INTERNAL_H

#include "arm_nn_types.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t arm_nn_min(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static inline int32_t arm_nn_max(int32_t a, int32_t b)
{
    return a > b ? a : b;
}

static inline int32_t arm_nn_clamp(int32_t x, int32_t low, int32_t high)
{
    return arm_nn_min(arm_nn_max(x, low), high);
}

/* a + b and a * b modulo 2^32: what sums and products beyond 32 bits come out as on every core. Only biases and scales that no
 * converter writes lead there.
 */
static inline int32_t arm_nn_wrapping_add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t arm_nn_wrapping_mul(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* round(a * b / 2^31), halves towards +infinity; a and b not both INT32_MIN. */
static inline int32_t arm_nn_high_mul(int32_t a, int32_t b)
{
    return (int32_t)(((int64_t)a * b + ((int64_t)1 << 30)) >> 31);
}

/* round(x / 2^exponent), halves away from zero; 1 <= exponent <= 32, x > INT32_MIN.
 * The usual (x + half - (x < 0)) >> exponent, in two steps because that sum may overflow.
 */
static inline int32_t arm_nn_rounding_shift_right(int32_t x, int32_t exponent)
{
    return (((x + (x >> 31)) >> (exponent - 1)) + 1) >> 1;
}

/* x * multiplier * 2^(shift - 31), rounded twice as TensorFlow Lite Micro does: once to 31 bits, once in the right shift.
 * 0 <= multiplier, -31 <= shift <= 30, and x * 2^shift fits into 32 bits.
 */
static inline int32_t arm_nn_requantize(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t high = arm_nn_high_mul((int32_t)((uint32_t)x << arm_nn_max(shift, 0)), multiplier);
    return shift < 0 ? arm_nn_rounding_shift_right(high, -shift) : high;
}

/* Accumulators are gathered in blocks of at most so many channels before the output stage turns them into int8. */
enum { ARM_NN_BLOCK = 16 };

typedef struct arm_nn_output_stage arm_nn_output_stage;

/* out[i] = clamp(requantize(acc[i] + bias) + offset) for channel first_channel + i, i < count <= ARM_NN_BLOCK. */
typedef void arm_nn_output(
    const int32_t *acc, int32_t count, int32_t first_channel, const arm_nn_output_stage *stage, int8_t *out);

arm_nn_output arm_nn_output_s8; /* from the arrays of the stage */

struct tk_requant;

/* How the accumulators of a layer become int8. Channel c uses multiplier[c] and shift[c] if step is 1; if it is 0, one factor
 * serves all channels, and the two arrays hold it ARM_NN_BLOCK times.
 */
struct arm_nn_output_stage
{
    arm_nn_output *output;
    const struct tk_requant *packed; /* what another `output` reads instead of the three arrays */
    const int32_t *bias;             /* one per channel; NULL: none */
    const int32_t *multiplier;
    const int32_t *shift;
    int32_t step;
    int32_t offset;
    int32_t min;
    int32_t max;
};

/* The stage of arm_nn_output_s8. */
arm_nn_output_stage arm_nn_per_channel_stage(const int32_t *bias,
                                             const cmsis_nn_per_channel_quant_params *quant,
                                             int32_t output_offset,
                                             const cmsis_nn_activation *activation);

/* The taps of a kernel that meet the image, along one axis. */
typedef struct
{
    int32_t tap;   /* first such tap */
    int32_t count; /* may be 0 */
    int32_t input; /* input index under the first such tap */
    int32_t tap_step;
    int32_t input_step;
} arm_nn_span;

/* base: input index under tap 0, negative in the padding; taps lie `dilation` apart, the image has `size` pixels. With
 * upscale 2 (else 1) only the pixels with even index exist, stored without gaps, as a transposed convolution reads them.
 */
arm_nn_span arm_nn_clip(int32_t base, int32_t dilation, int32_t taps, int32_t size, int32_t upscale);

/* Elements from one index to the next along each axis of a broadcast operand: 0 along an axis of length 1. */
typedef struct
{
    int32_t n;
    int32_t h;
    int32_t w;
    int32_t c;
} arm_nn_broadcast;

static inline arm_nn_broadcast arm_nn_broadcast_steps(const cmsis_nn_dims *dims)
{
    const int32_t row = dims->w * dims->c;
    const arm_nn_broadcast steps = {
        dims->n > 1 ? dims->h * row : 0, dims->h > 1 ? row : 0, dims->w > 1 ? dims->c : 0, dims->c > 1 ? 1 : 0};
    return steps;
}

/* The input rows under a kernel, in a tensor or in a ring of rows (a line buffer). */
typedef struct
{
    const int8_t *first;
    int32_t count;
    int32_t step;        /* bytes from one to the next */
    int32_t before_wrap; /* so many rows lie before the end of the ring; 0: no ring */
    int32_t ring_bytes;
} arm_nn_rows;

/* From the position of a row (the first one: 0) to that of the row after it, which has `index`. */
static inline int32_t arm_nn_next_row(const arm_nn_rows *rows, int32_t position, int32_t index)
{
    return position + rows->step - (index == rows->before_wrap ? rows->ring_bytes : 0);
}

/* acc[i] += sum over the rows, and over `length` bytes of each, of (input + input_offset) * filter[i * filter_step + ...] for
 * i < channels; filter_row_step leads to the weights of the next row.
 */
void arm_nn_dot_s8(const arm_nn_rows *rows,
                   int32_t length,
                   int32_t input_offset,
                   const int8_t *filter,
                   int32_t filter_row_step,
                   int32_t filter_step,
                   int32_t channels,
                   int32_t *acc);

/* A kernel window, as far as it lies inside the image: `runs` contiguous pieces in each row. */
typedef struct
{
    arm_nn_rows rows;
    int32_t runs;
    int32_t run_step; /* input bytes from one to the next */
    int32_t run_length;
    int32_t input_offset;
    int32_t filter_run_step;
    int32_t filter_row_step;
    int32_t filter_step; /* from the weights of one output channel to those of the next */
} arm_nn_window;

/* All output channels of one pixel (or of one group of channels): each starts from `start` and its bias. */
void arm_nn_window_s8(const arm_nn_window *window,
                      const int8_t *filter,
                      int32_t start,
                      const arm_nn_output_stage *stage,
                      int32_t first_channel,
                      int32_t channels,
                      int8_t *out);

/* One output row of a convolution. `rows` are the input rows under the kernel rows that meet the image, each at its first
 * pixel; `filter` points to the first of those kernel rows, filter_row_step leads to the next. upscale: 1 or 2.
 */
void arm_nn_convolve_row_s8(const arm_nn_rows *rows,
                            const cmsis_nn_conv_params *params,
                            const cmsis_nn_dims *input_dims,
                            const cmsis_nn_dims *filter_dims,
                            const cmsis_nn_dims *output_dims,
                            const int8_t *filter,
                            int32_t filter_row_step,
                            int32_t upscale,
                            const arm_nn_output_stage *stage,
                            int8_t *out);

/* out[p * out_step + c] = stage(sum over k < depth of (input[p * pixel_step + k] + input_offset) * filter[c][k]) for p < pixels
 * and c < channels. It reads the arrays of the stage.
 */
void arm_nn_pointwise_row_s8(const int8_t *input,
                             int32_t pixel_step,
                             int32_t pixels,
                             int32_t depth,
                             int32_t channels,
                             int32_t input_offset,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int32_t out_step,
                             int8_t *out);

/* out[n][c] = stage(sum over k < depth of (input[n][k] + input_offset) * (filter[c][k] + filter_offset)), n < batches. */
void arm_nn_fully_connected_s8(const cmsis_nn_fc_params *params,
                               int32_t batches,
                               const int8_t *input,
                               int32_t depth,
                               const int8_t *filter,
                               int32_t channels,
                               const arm_nn_output_stage *stage,
                               int8_t *out);

/* The part of a depthwise kernel window inside the image. */
typedef struct
{
    const arm_nn_rows *rows;
    int32_t taps;       /* in each row */
    int32_t tap_step;   /* input bytes from one to the next */
    int32_t channels;   /* of the output: bytes of filter from one tap to the next */
    int32_t multiplier; /* output channels per input channel */
    int32_t filter_row_step;
    int32_t input_offset;
} arm_nn_taps;

/* The sum over the window of (input + input_offset) * filter for one channel. */
static inline int32_t arm_nn_tap_sum(const arm_nn_taps *taps, const int8_t *input, const int8_t *filter)
{
    int32_t acc = 0;
    int32_t row = 0;
    int32_t weights = 0;
    for (int32_t y = 0; y < taps->rows->count;) {
        int32_t tap = row;
        int32_t weight = weights;
        for (int32_t i = taps->taps; i > 0; i--) {
            acc += (input[tap] + taps->input_offset) * filter[weight];
            tap += taps->tap_step;
            weight += taps->channels;
        }
        weights += taps->filter_row_step;
        row = arm_nn_next_row(taps->rows, row, ++y);
    }
    return acc;
}

/* acc[i] = sum over the window of (input + input_offset) * filter for output channel first_channel + i, i < count <=
 * ARM_NN_BLOCK, first_channel a multiple of it. `input` and `filter` point to channel 0 of the first tap.
 */
typedef void arm_nn_depthwise_kernel(
    const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t first_channel, int32_t count, int32_t *acc);

arm_nn_depthwise_kernel arm_nn_depthwise_equal_s8;  /* multiplier 1 */
arm_nn_depthwise_kernel arm_nn_depthwise_3x3_s8;    /* multiplier 1, fastest where 3x3 taps are inside the image */
arm_nn_depthwise_kernel arm_nn_depthwise_expand_s8; /* any multiplier */

/* One output row of a depthwise convolution; `rows` and `filter` as for arm_nn_convolve_row_s8. */
void arm_nn_depthwise_row_s8(arm_nn_depthwise_kernel *kernel,
                             const arm_nn_rows *rows,
                             const cmsis_nn_dw_conv_params *params,
                             const cmsis_nn_dims *input_dims,
                             const cmsis_nn_dims *filter_dims,
                             const cmsis_nn_dims *output_dims,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int8_t *out);

/* The whole depthwise convolution. */
void arm_nn_depthwise_s8(arm_nn_depthwise_kernel *kernel,
                         const cmsis_nn_dw_conv_params *params,
                         const arm_nn_output_stage *stage,
                         const cmsis_nn_dims *input_dims,
                         const int8_t *input,
                         const cmsis_nn_dims *filter_dims,
                         const int8_t *filter,
                         const cmsis_nn_dims *output_dims,
                         int8_t *out);

/* The softmax of int8 rows, as codes of `bits` bits: 8 (`out` points to int8) or 16 (to int16), the least one standing for 0.
 * factor and shift scale differences to Q5.26; those below diff_min count as exp = 0.
 */
void arm_nn_softmax_s8(const int8_t *input,
                       int32_t rows,
                       int32_t size,
                       int32_t factor,
                       int32_t shift,
                       int32_t diff_min,
                       int32_t bits,
                       void *out);

/* The newest result of each SVDF filter: the rescaled dot product of the input with its weights, clamped to
 * params->input_activation. params->input_offset is the input's zero point.
 */
void arm_nn_svdf_features(const int8_t *input,
                          const int8_t *weights,
                          const cmsis_nn_svdf_params *params,
                          const cmsis_nn_per_tensor_quant_params *quant,
                          int32_t inputs,
                          int32_t filters,
                          int32_t *newest);

#ifdef __cplusplus
}
#endif

#endif
