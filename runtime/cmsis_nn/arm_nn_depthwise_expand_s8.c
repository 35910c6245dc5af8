/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

/* Four output channels of one input channel. */
static void window_4(const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t *acc)
{
    int32_t acc0 = 0;
    int32_t acc1 = 0;
    int32_t acc2 = 0;
    int32_t acc3 = 0;
    int32_t row = 0;
    int32_t weights = 0;
    for (int32_t y = 0; y < taps->rows->count;) {
        int32_t tap = row;
        int32_t weight = weights;
        for (int32_t i = taps->taps; i > 0; i--) {
            const int32_t v = input[tap] + taps->input_offset;
            const int8_t *w = filter + weight;
            acc0 += v * w[0];
            acc1 += v * w[1];
            acc2 += v * w[2];
            acc3 += v * w[3];
            tap += taps->tap_step;
            weight += taps->channels;
        }
        weights += taps->filter_row_step;
        row = arm_nn_next_row(taps->rows, row, ++y);
    }
    acc[0] = acc0;
    acc[1] = acc1;
    acc[2] = acc2;
    acc[3] = acc3;
}

void arm_nn_depthwise_expand_s8(
    const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t first_channel, int32_t count, int32_t *acc)
{
    const int32_t end = first_channel + count;
    for (int32_t c = first_channel; c < end;) {
        const int8_t *x = input + c / taps->multiplier;
        if (taps->multiplier % 4 == 0) {
            window_4(taps, x, filter + c, acc);
            acc += 4;
            c += 4;
        } else {
            *acc++ = arm_nn_tap_sum(taps, x, filter + c);
            c++;
        }
    }
}
