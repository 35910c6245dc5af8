/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

/* Four neighbouring channels. */
static void window_4(const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t *acc)
{
    const int32_t input_offset = taps->input_offset;
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
            const int8_t *x = input + tap;
            const int8_t *w = filter + weight;
            acc0 += (x[0] + input_offset) * w[0];
            acc1 += (x[1] + input_offset) * w[1];
            acc2 += (x[2] + input_offset) * w[2];
            acc3 += (x[3] + input_offset) * w[3];
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

void arm_nn_depthwise_equal_s8(
    const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t first_channel, int32_t count, int32_t *acc)
{
    input += first_channel;
    filter += first_channel;
    for (; count >= 4; count -= 4, input += 4, filter += 4, acc += 4) {
        window_4(taps, input, filter, acc);
    }
    for (; count > 0; count--) {
        *acc++ = arm_nn_tap_sum(taps, input++, filter++);
    }
}
