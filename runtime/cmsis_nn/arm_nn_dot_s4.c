/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"

/* Four filters whose weights lie in the same half of their bytes, byte_step apart: an input byte is loaded and offset once for
 * four products. Their sums are acc_step apart.
 */
static void dot_4(
    const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t byte_step, int32_t *acc, int32_t acc_step)
{
    const int32_t offset = pieces->input_offset;
    int32_t acc0 = acc[0];
    int32_t acc1 = acc[acc_step];
    int32_t acc2 = acc[2 * acc_step];
    int32_t acc3 = acc[3 * acc_step];
    for (int32_t y = 0; y < pieces->rows; y++, first += pieces->filter_row_step) {
        const int8_t *x = pieces->input + y * pieces->row_step;
        const int8_t *end = x + pieces->length;
        const int8_t *w0 = filter + (first >> 1);
        const int8_t *w1 = w0 + byte_step;
        const int8_t *w2 = w1 + byte_step;
        const int8_t *w3 = w2 + byte_step;
        if ((first & 1) != 0 && x != end) {
            const int32_t v = *x++ + offset;
            acc0 += v * arm_nn_high_s4(*w0++);
            acc1 += v * arm_nn_high_s4(*w1++);
            acc2 += v * arm_nn_high_s4(*w2++);
            acc3 += v * arm_nn_high_s4(*w3++);
        }
        for (const int8_t *pairs = x + ((end - x) & ~1); x != pairs;) {
            const int32_t u = *x++ + offset;
            const int32_t v = *x++ + offset;
            int8_t w = *w0++;
            acc0 += u * arm_nn_low_s4(w);
            acc0 += v * arm_nn_high_s4(w);
            w = *w1++;
            acc1 += u * arm_nn_low_s4(w);
            acc1 += v * arm_nn_high_s4(w);
            w = *w2++;
            acc2 += u * arm_nn_low_s4(w);
            acc2 += v * arm_nn_high_s4(w);
            w = *w3++;
            acc3 += u * arm_nn_low_s4(w);
            acc3 += v * arm_nn_high_s4(w);
        }
        if (x != end) {
            const int32_t v = *x + offset;
            acc0 += v * arm_nn_low_s4(*w0);
            acc1 += v * arm_nn_low_s4(*w1);
            acc2 += v * arm_nn_low_s4(*w2);
            acc3 += v * arm_nn_low_s4(*w3);
        }
    }
    acc[0] = acc0;
    acc[acc_step] = acc1;
    acc[2 * acc_step] = acc2;
    acc[3 * acc_step] = acc3;
}

static int32_t dot_1(const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t acc)
{
    const int32_t offset = pieces->input_offset;
    for (int32_t y = 0; y < pieces->rows; y++, first += pieces->filter_row_step) {
        const int8_t *x = pieces->input + y * pieces->row_step;
        const int8_t *end = x + pieces->length;
        const int8_t *w = filter + (first >> 1);
        if ((first & 1) != 0 && x != end) {
            acc += (*x++ + offset) * arm_nn_high_s4(*w++);
        }
        for (; end - x >= 2; x += 2) {
            const int8_t pair = *w++;
            acc += (x[0] + offset) * arm_nn_low_s4(pair) + (x[1] + offset) * arm_nn_high_s4(pair);
        }
        if (x != end) {
            acc += (*x + offset) * arm_nn_low_s4(*w);
        }
    }
    return acc;
}

void arm_nn_dot_s4(
    const arm_nn_pieces *pieces, const int8_t *filter, int32_t first, int32_t step, int32_t channels, int32_t *acc)
{
    if (step % 2 != 0) { /* every second filter begins in the same half of a byte */
        for (; channels >= 8; channels -= 8, acc += 8, first += 8 * step) {
            dot_4(pieces, filter, first, step, acc, 2);
            dot_4(pieces, filter, first + step, step, acc + 1, 2);
        }
    } else {
        for (; channels >= 4; channels -= 4, acc += 4, first += 4 * step) {
            dot_4(pieces, filter, first, step / 2, acc, 1);
        }
    }
    for (; channels > 0; channels--, acc++, first += step) {
        *acc = dot_1(pieces, filter, first, *acc);
    }
}
