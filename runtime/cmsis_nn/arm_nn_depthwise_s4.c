/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"

/* A depthwise kernel window, as far as it lies inside the image, at channel 0. */
typedef struct
{
    const int8_t *input;
    int32_t rows;
    int32_t row_step; /* bytes */
    int32_t taps;     /* in each row */
    int32_t tap_step; /* bytes */
    int32_t input_offset;
    int32_t channels; /* of the output: elements of filter from one tap to the next */
    int32_t filter_row_step;
    int32_t multiplier; /* output channels per input channel */
} window;

/* Channels c to c + 3, of an even number of channels, with one output for each input; `first`: the first tap's weights. */
static void window_4(const window *area, const int8_t *filter, int32_t first, int32_t c, int32_t *acc)
{
    const int32_t offset = area->input_offset;
    const int32_t step = area->channels / 2;
    int32_t acc0 = 0;
    int32_t acc1 = 0;
    int32_t acc2 = 0;
    int32_t acc3 = 0;
    for (int32_t y = 0; y < area->rows; y++, first += area->filter_row_step) {
        const int8_t *x = area->input + y * area->row_step + c;
        const int8_t *w = filter + ((first + c) >> 1);
        for (int32_t i = area->taps; i > 0; i--) {
            const int8_t low = w[0];
            const int8_t high = w[1];
            acc0 += (x[0] + offset) * arm_nn_low_s4(low);
            acc1 += (x[1] + offset) * arm_nn_high_s4(low);
            acc2 += (x[2] + offset) * arm_nn_low_s4(high);
            acc3 += (x[3] + offset) * arm_nn_high_s4(high);
            x += area->tap_step;
            w += step;
        }
    }
    acc[0] = acc0;
    acc[1] = acc1;
    acc[2] = acc2;
    acc[3] = acc3;
}

/* Any channel. */
static int32_t window_1(const window *area, const int8_t *filter, int32_t first, int32_t c)
{
    int32_t acc = 0;
    for (int32_t y = 0; y < area->rows; y++, first += area->filter_row_step) {
        const int8_t *x = area->input + y * area->row_step + c / area->multiplier;
        int32_t at = first + c;
        for (int32_t i = area->taps; i > 0; i--) {
            const int8_t pair = filter[at >> 1];
            acc += (*x + area->input_offset) * ((at & 1) != 0 ? arm_nn_high_s4(pair) : arm_nn_low_s4(pair));
            x += area->tap_step;
            at += area->channels;
        }
    }
    return acc;
}

static void convolve_pixel(
    const window *area, const int8_t *filter, int32_t first, const arm_nn_output_stage *stage, int8_t *out)
{
    const int32_t fast = area->multiplier == 1 && area->channels % 2 == 0;
    int32_t acc[ARM_NN_BLOCK];
    for (int32_t c = 0; c < area->channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(area->channels - c, ARM_NN_BLOCK);
        int32_t i = 0;
        for (; fast && i + 4 <= count; i += 4) {
            window_4(area, filter, first, c + i, acc + i);
        }
        for (; i < count; i++) {
            acc[i] = window_1(area, filter, first, c + i);
        }
        arm_nn_output_s8(acc, count, c, stage, out + c);
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
    const int32_t filter_row = filter_dims->w * channels;
    const arm_nn_output_stage stage =
        arm_nn_per_channel_stage(bias, quant_params, params->output_offset, &params->activation);
    window area = {input,
                   0,
                   params->dilation.h * row_bytes,
                   0,
                   params->dilation.w * input_dims->c,
                   params->input_offset,
                   channels,
                   filter_row,
                   channels / input_dims->c};

    for (int32_t row = 0; row < output_dims->n * output_dims->h; row++) {
        const int32_t y = row % output_dims->h;
        const int8_t *image = input + row / output_dims->h * input_dims->h * row_bytes;
        const arm_nn_span rows = arm_nn_clip(
            y * params->stride.h - params->padding.h, params->dilation.h, filter_dims->h, input_dims->h, 1);
        area.rows = rows.count;
        for (int32_t x = 0; x < output_dims->w; x++) {
            const arm_nn_span taps = arm_nn_clip(
                x * params->stride.w - params->padding.w, params->dilation.w, filter_dims->w, input_dims->w, 1);
            area.input = image + rows.input * row_bytes + taps.input * input_dims->c;
            area.taps = taps.count;
            convolve_pixel(&area, filter, rows.tap * filter_row + taps.tap * channels, &stage, out);
            out += channels;
        }
    }
}
