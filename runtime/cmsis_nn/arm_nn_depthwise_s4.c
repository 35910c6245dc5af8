/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"

/* Taps of a kernel that are unpacked for a block of channels. */
enum { MAX_TAPS = 32 };

static inline int32_t element(const int8_t *filter, int32_t at)
{
    return (int32_t)((uint32_t)filter[at >> 1] << (28 - 4 * (at & 1))) >> 28;
}

/* The weights of `count` channels for `taps` taps, `step` elements apart from element `at` on. */
static void unpack(const int8_t *filter, int32_t at, int32_t step, int32_t taps, int32_t count, int8_t *block)
{
    for (int32_t t = 0; t < taps; t++, at += step, block += ARM_NN_BLOCK) {
        for (int32_t i = 0; i < count; i++) {
            block[i] = (int8_t)element(filter, at + i);
        }
    }
}

/* The same as arm_nn_tap_sum with weights of which the first is element `first` of the filter. */
static int32_t tap_sum(const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t first)
{
    int32_t acc = 0;
    for (int32_t y = 0; y < taps->rows->count; y++, first += taps->filter_row_step) {
        int32_t x = y * taps->rows->step;
        int32_t at = first;
        for (int32_t i = taps->taps; i > 0; i--) {
            acc += (input[x] + taps->input_offset) * element(filter, at);
            x += taps->tap_step;
            at += taps->channels;
        }
    }
    return acc;
}

/* The channels c to c + count - 1 of one output row. `rows` are the input rows under the kernel rows that meet the image;
 * `first` is the element of filter at which the first of these kernel rows begins.
 */
static void convolve_row(const arm_nn_rows *rows,
                         const cmsis_nn_dw_conv_params *params,
                         const cmsis_nn_dims *input_dims,
                         const cmsis_nn_dims *filter_dims,
                         const cmsis_nn_dims *output_dims,
                         const int8_t *filter,
                         int32_t first,
                         int32_t c,
                         int32_t count,
                         const arm_nn_output_stage *stage,
                         int8_t *out)
{
    const int32_t channels = output_dims->c;
    const int32_t multiplier = channels / input_dims->c;
    const int32_t unpacked = multiplier == 1 && rows->count * filter_dims->w <= MAX_TAPS;
    const int32_t step = unpacked ? ARM_NN_BLOCK : channels;
    int8_t block[MAX_TAPS * ARM_NN_BLOCK];
    int32_t acc[ARM_NN_BLOCK];
    arm_nn_taps taps = {
        rows, 0, params->dilation.w * input_dims->c, step, multiplier, filter_dims->w * step, params->input_offset};
    if (unpacked) {
        unpack(filter, first + c, channels, rows->count * filter_dims->w, count, block);
    }
    for (int32_t x = 0; x < output_dims->w; x++) {
        const arm_nn_span span = arm_nn_clip(
            x * params->stride.w - params->padding.w, params->dilation.w, filter_dims->w, input_dims->w, 1);
        const int8_t *input = rows->first + span.input * input_dims->c;
        taps.taps = span.count;
        if (unpacked) {
            arm_nn_depthwise_equal_s8(&taps, input + c, block + span.tap * ARM_NN_BLOCK, 0, count, acc);
        } else {
            for (int32_t i = 0; i < count; i++) {
                acc[i] = tap_sum(&taps, input + (c + i) / multiplier, filter, first + span.tap * channels + c + i);
            }
        }
        arm_nn_output_s8(acc, count, c, stage, out + x * channels);
    }
}

void arm_nn_depthwise_s4(const cmsis_nn_dw_conv_params *params,
                         const cmsis_nn_per_channel_quant_params *quant_params,
                         const cmsis_nn_dims *input_dims,
                         const int8_t *input,
                         const cmsis_nn_dims *filter_dims,
                         const int8_t *filter,
                         const int32_t *bias,
                         const cmsis_nn_dims *output_dims,
                         int8_t *out)
{
    const int32_t channels = output_dims->c;
    const int32_t row_bytes = input_dims->w * input_dims->c;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias, quant_params, params->output_offset, &params->activation);

    for (int32_t n = 0; n < input_dims->n; n++) {
        for (int32_t y = 0; y < output_dims->h; y++) {
            const arm_nn_span span = arm_nn_clip(
                y * params->stride.h - params->padding.h, params->dilation.h, filter_dims->h, input_dims->h, 1);
            const arm_nn_rows rows = {input + span.input * row_bytes, span.count, span.input_step * row_bytes, 0, 0};
            const int32_t first = span.tap * filter_dims->w * channels;
            for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
                const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
                convolve_row(
                    &rows, params, input_dims, filter_dims, output_dims, filter, first, c, count, &stage, out + c);
            }
            out += output_dims->w * channels;
        }
        input += input_dims->h * row_bytes;
    }
}
