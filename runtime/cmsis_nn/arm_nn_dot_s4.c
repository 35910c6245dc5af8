/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"

/* Eight weights, the first in the lowest four bits. */
static inline uint32_t word(const int8_t *w)
{
    return (uint32_t)(uint8_t)w[0] | (uint32_t)(uint8_t)w[1] << 8 | (uint32_t)(uint8_t)w[2] << 16 |
           (uint32_t)(uint8_t)w[3] << 24;
}

/* Input byte i of eight, and its weights in the words of two filters. */
#define COLUMN(i)                                                 \
    v = x[i] + offset;                                            \
    acc0 += v * ((int32_t)(word0 << (28 - 4 * (i))) >> 28);       \
    acc1 += v * ((int32_t)(word1 << (28 - 4 * (i))) >> 28)

/* Two filters whose weights lie in the same half of their bytes, byte_step apart: an input byte is loaded and offset once
 * for two products. (Four filters would need more registers than Cortex-M has.) Their sums are acc_step apart.
 */
static void dot_2(
    const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t byte_step, int32_t *acc, int32_t acc_step)
{
    const int32_t offset = pieces->input_offset;
    int32_t acc0 = acc[0];
    int32_t acc1 = acc[acc_step];
    for (int32_t y = 0; y < pieces->rows; y++, first += pieces->filter_row_step) {
        const int8_t *x = pieces->input + y * pieces->row_step;
        const int8_t *end = x + pieces->length;
        const int8_t *w0 = filter + (first >> 1);
        const int8_t *w1 = w0 + byte_step;
        if ((first & 1) != 0 && x != end) {
            const int32_t v = *x++ + offset;
            acc0 += v * arm_nn_high_s4(*w0++);
            acc1 += v * arm_nn_high_s4(*w1++);
        }
        for (; end - x >= 8; x += 8, w0 += 4, w1 += 4) {
            const uint32_t word0 = word(w0);
            const uint32_t word1 = word(w1);
            int32_t v;
            COLUMN(0);
            COLUMN(1);
            COLUMN(2);
            COLUMN(3);
            COLUMN(4);
            COLUMN(5);
            COLUMN(6);
            COLUMN(7);
        }
        for (; end - x >= 2; x += 2) {
            const int32_t u = x[0] + offset;
            const int32_t v = x[1] + offset;
            const int8_t pair0 = *w0++;
            const int8_t pair1 = *w1++;
            acc0 += u * arm_nn_low_s4(pair0) + v * arm_nn_high_s4(pair0);
            acc1 += u * arm_nn_low_s4(pair1) + v * arm_nn_high_s4(pair1);
        }
        if (x != end) {
            acc0 += (*x + offset) * arm_nn_low_s4(*w0);
            acc1 += (*x + offset) * arm_nn_low_s4(*w1);
        }
    }
    acc[0] = acc0;
    acc[acc_step] = acc1;
}

void arm_nn_dot_s4(
    const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t step, int32_t channels, int32_t *acc)
{
    if (step % 2 != 0) { /* every second filter begins in the same half of a byte */
        for (; channels >= 4; channels -= 4, acc += 4, first += 4 * step) {
            dot_2(pieces, filter, first, step, acc, 2);
            dot_2(pieces, filter, first + step, step, acc + 1, 2);
        }
    } else {
        for (; channels >= 2; channels -= 2, acc += 2, first += 2 * step) {
            dot_2(pieces, filter, first, step / 2, acc, 1);
        }
    }
    for (; channels > 0; channels--, acc++, first += step) { /* without a partner */
        int32_t twins[2] = {*acc, 0};
        dot_2(pieces, filter, first, 0, twins, 1);
        *acc = twins[0];
    }
}
