/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

/* Four filters side by side: an input byte is loaded and offset once for four products. */
static void dot_4(const arm_nn_rows *rows,
                  int32_t length,
                  int32_t input_offset,
                  const int8_t *filter,
                  int32_t filter_row_step,
                  int32_t filter_step,
                  int32_t *acc)
{
    int32_t acc0 = acc[0];
    int32_t acc1 = acc[1];
    int32_t acc2 = acc[2];
    int32_t acc3 = acc[3];
    int32_t row = 0;
    int32_t weights = 0;
    for (int32_t y = 0; y < rows->count;) {
        const int8_t *x = rows->first + row;
        const int8_t *w0 = filter + weights;
        const int8_t *w1 = w0 + filter_step;
        const int8_t *w2 = w1 + filter_step;
        const int8_t *w3 = w2 + filter_step;
        for (const int8_t *end = x + length; x != end;) {
            const int32_t v = *x++ + input_offset;
            acc0 += v * *w0++;
            acc1 += v * *w1++;
            acc2 += v * *w2++;
            acc3 += v * *w3++;
        }
        weights += filter_row_step;
        row = arm_nn_next_row(rows, row, ++y);
    }
    acc[0] = acc0;
    acc[1] = acc1;
    acc[2] = acc2;
    acc[3] = acc3;
}

static int32_t dot_1(const arm_nn_rows *rows,
                     int32_t length,
                     int32_t input_offset,
                     const int8_t *filter,
                     int32_t filter_row_step,
                     int32_t acc)
{
    int32_t row = 0;
    int32_t weights = 0;
    for (int32_t y = 0; y < rows->count;) {
        const int8_t *x = rows->first + row;
        const int8_t *w = filter + weights;
        for (const int8_t *end = x + length; x != end;) {
            acc += (*x++ + input_offset) * *w++;
        }
        weights += filter_row_step;
        row = arm_nn_next_row(rows, row, ++y);
    }
    return acc;
}

void arm_nn_dot_s8(const arm_nn_rows *rows,
                   int32_t length,
                   int32_t input_offset,
                   const int8_t *filter,
                   int32_t filter_row_step,
                   int32_t filter_step,
                   int32_t channels,
                   int32_t *acc)
{
    int32_t first = 0; /* the weights of the channel that is next */
    for (; channels >= 4; channels -= 4, acc += 4) {
        dot_4(rows, length, input_offset, filter + first, filter_row_step, filter_step, acc);
        first += 4 * filter_step;
    }
    for (; channels > 0; channels--, acc++) {
        *acc = dot_1(rows, length, input_offset, filter + first, filter_row_step, *acc);
        first += filter_step;
    }
}
