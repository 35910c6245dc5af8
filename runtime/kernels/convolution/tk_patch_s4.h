/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of int8, with an offset that is added to every x, and packed int4, over the patch of a convolution. Internal. */
#ifndef TK_PATCH_S4_H
#define TK_PATCH_S4_H

#include <stdint.h>

#include "tk_int4.h"
#include "tk_patch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Eight elements, the first in the lowest four bits. */
static inline uint32_t tk_word_s4(const int8_t *w)
{
    return (uint32_t)(uint8_t)w[0] | (uint32_t)(uint8_t)w[1] << 8 | (uint32_t)(uint8_t)w[2] << 16 |
           (uint32_t)(uint8_t)w[3] << 24;
}

/* x[i] and element i of two words. */
#define TK_COLUMN_S4(i)                                                                                                \
    value = x[i] + offset;                                                                                             \
    sum0 += value * ((int32_t)(word0 << (28 - 4 * (i))) >> 28);                                                        \
    sum1 += value * ((int32_t)(word1 << (28 - 4 * (i))) >> 28)

/* *lane0 += sum over x[0..n) of (x + offset) times the elements of w from `first` on, and *lane1 += the same with the filter
 * that starts `step` bytes later. */
static inline void tk_dot2_s4(int32_t *lane0, int32_t *lane1, const int8_t *x, int32_t n, const int8_t *w, int32_t first,
                              int32_t step, int32_t offset)
{
    const int8_t *end = x + n;
    const int8_t *w0 = w + (first >> 1);
    const int8_t *w1 = w0 + step;
    int32_t sum0 = *lane0;
    int32_t sum1 = *lane1;

    if ((first & 1) != 0 && x != end) {
        const int32_t value = *x++ + offset;

        sum0 += value * tk_high_s4(*w0++);
        sum1 += value * tk_high_s4(*w1++);
    }
    for (; end - x >= 8; x += 8, w0 += 4, w1 += 4) {
        const uint32_t word0 = tk_word_s4(w0);
        const uint32_t word1 = tk_word_s4(w1);
        int32_t value;

        TK_COLUMN_S4(0);
        TK_COLUMN_S4(1);
        TK_COLUMN_S4(2);
        TK_COLUMN_S4(3);
        TK_COLUMN_S4(4);
        TK_COLUMN_S4(5);
        TK_COLUMN_S4(6);
        TK_COLUMN_S4(7);
    }
    for (; end - x >= 2; x += 2, ++w0, ++w1) {
        const int32_t low = x[0] + offset;
        const int32_t high = x[1] + offset;

        sum0 += low * tk_low_s4(*w0) + high * tk_high_s4(*w0);
        sum1 += low * tk_low_s4(*w1) + high * tk_high_s4(*w1);
    }
    if (x != end) {
        sum0 += (*x + offset) * tk_low_s4(*w0);
        sum1 += (*x + offset) * tk_low_s4(*w1);
    }
    *lane0 = sum0;
    *lane1 = sum1;
}

/* sum[lane] += sum over x[0..n) of (x + offset) times the elements of w from first + lane * filter on, for four lanes or
 * one. */
static inline void tk_dots_s4(int32_t sum[4], int32_t lanes, const int8_t *x, int32_t n, const int8_t *w, int32_t first,
                              int32_t filter, int32_t offset)
{
    const int32_t apart = 1 + filter % 2; /* of an odd size, every second filter begins in the same half of a byte */
    int32_t unused = 0;

    for (int32_t pass = 0; 2 * pass < lanes; ++pass) {
        const int32_t lane = apart == 2 ? pass : 2 * pass;
        int32_t *partner = lanes == 4 ? &sum[lane + apart] : &unused;
        const int32_t step = lanes == 4 ? apart * filter / 2 : 0;

        tk_dot2_s4(&sum[lane], partner, x, n, w, first + lane * filter, step, offset);
    }
}

/* As many output channels as one pass over the patch makes, from `channel` on: four of one group, or one. */
static inline int32_t tk_patch_sums_s4(int32_t sum[4], const tk_patch *p, const tk_conv_shape *s, const int8_t *x,
                                       const int8_t *w, int32_t channel, int32_t offset)
{
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;
    const int32_t filter = s->k_h * s->k_w * depth;
    const int32_t group = channel / filters;
    const int32_t lanes = (group + 1) * filters - channel >= 4 ? 4 : 1;
    const int8_t *window = x + p->x_offset + group * depth;

    for (int32_t lane = 0; lane < 4; ++lane) {
        sum[lane] = 0;
    }
    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            const int8_t *from = window + row * p->x_row + run * p->x_run;
            const int32_t first = channel * filter + p->w_offset + row * p->w_row + run * p->w_run;

            tk_dots_s4(sum, lanes, from, p->length, w, first, filter, offset);
        }
    }
    return lanes;
}

#ifdef __cplusplus
}
#endif

#endif
