/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

void arm_nn_depthwise_3x3_s8(
    const arm_nn_taps *taps, const int8_t *input, const int8_t *filter, int32_t first_channel, int32_t count, int32_t *acc)
{
    if (taps->taps != 3 || taps->rows->count != 3 || taps->tap_step != taps->channels) {
        arm_nn_depthwise_equal_s8(taps, input, filter, first_channel, count, acc);
        return;
    }
    const int32_t offset = taps->input_offset;
    const int32_t step = taps->channels;
    const int8_t *x0 = input + first_channel;
    const int32_t row1 = arm_nn_next_row(taps->rows, 0, 1);
    const int32_t row2 = arm_nn_next_row(taps->rows, row1, 2);
    const int8_t *x1 = x0 + row1;
    const int8_t *x2 = x0 + row2;
    const int8_t *w0 = filter + first_channel;
    const int8_t *w1 = w0 + 3 * step;
    const int8_t *w2 = w1 + 3 * step;
    for (const int32_t *end = acc + count; acc != end;) {
        int32_t sum = (x0[0] + offset) * w0[0];
        sum += (x0[step] + offset) * w0[step];
        sum += (x0[2 * step] + offset) * w0[2 * step];
        sum += (x1[0] + offset) * w1[0];
        sum += (x1[step] + offset) * w1[step];
        sum += (x1[2 * step] + offset) * w1[2 * step];
        sum += (x2[0] + offset) * w2[0];
        sum += (x2[step] + offset) * w2[step];
        sum += (x2[2 * step] + offset) * w2[2 * step];
        *acc++ = sum;
        x0++;
        x1++;
        x2++;
        w0++;
        w1++;
        w2++;
    }
}
