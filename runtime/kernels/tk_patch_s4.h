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

/* sum over x[0..n) of (x + offset) times the elements of w from `first` on. */
static inline int32_t tk_dot1_s4(const int8_t *x, int32_t n, const int8_t *w, int32_t first, int32_t offset)
{
    const int8_t *end = x + n;
    int32_t sum = 0;

    w += first >> 1;
    if ((first & 1) != 0 && x != end) {
        sum += (*x++ + offset) * tk_high_s4(*w++);
    }
    for (; end - x >= 2; x += 2) {
        const int8_t pair = *w++;

        sum += (x[0] + offset) * tk_low_s4(pair) + (x[1] + offset) * tk_high_s4(pair);
    }
    if (x != end) {
        sum += (*x + offset) * tk_low_s4(*w);
    }
    return sum;
}

/* sum[lane] += the same with the filter that starts lane * step bytes after w: four filters share every x read. */
static inline void tk_dot4_s4(int32_t sum[4], const int8_t *x, int32_t n, const int8_t *w, int32_t first, int32_t step,
                              int32_t offset)
{
    const int8_t *end = x + n;
    const int8_t *w0 = w + (first >> 1);
    const int8_t *w1 = w0 + step;
    const int8_t *w2 = w1 + step;
    const int8_t *w3 = w2 + step;
    int32_t sum0 = sum[0];
    int32_t sum1 = sum[1];
    int32_t sum2 = sum[2];
    int32_t sum3 = sum[3];

    if ((first & 1) != 0 && x != end) {
        const int32_t value = *x++ + offset;

        sum0 += value * tk_high_s4(*w0++);
        sum1 += value * tk_high_s4(*w1++);
        sum2 += value * tk_high_s4(*w2++);
        sum3 += value * tk_high_s4(*w3++);
    }
    for (; end - x >= 2; x += 2) {
        const int32_t low = x[0] + offset;
        const int32_t high = x[1] + offset;

        sum0 += low * tk_low_s4(*w0) + high * tk_high_s4(*w0);
        sum1 += low * tk_low_s4(*w1) + high * tk_high_s4(*w1);
        sum2 += low * tk_low_s4(*w2) + high * tk_high_s4(*w2);
        sum3 += low * tk_low_s4(*w3) + high * tk_high_s4(*w3);
        ++w0;
        ++w1;
        ++w2;
        ++w3;
    }
    if (x != end) {
        const int32_t value = *x + offset;

        sum0 += value * tk_low_s4(*w0);
        sum1 += value * tk_low_s4(*w1);
        sum2 += value * tk_low_s4(*w2);
        sum3 += value * tk_low_s4(*w3);
    }
    sum[0] = sum0;
    sum[1] = sum1;
    sum[2] = sum2;
    sum[3] = sum3;
}

/* As many output channels as one pass over the patch makes, from `channel` on: four of one group if they begin in the same
 * half of a byte, or one. */
static inline int32_t tk_patch_sums_s4(int32_t sum[4], const tk_patch *p, const tk_conv_shape *s, const int8_t *x,
                                       const int8_t *w, int32_t channel, int32_t offset)
{
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;
    const int32_t filter = s->k_h * s->k_w * depth;
    const int32_t group = channel / filters;
    const int32_t lanes = filter % 2 == 0 && (group + 1) * filters - channel >= 4 ? 4 : 1;
    const int8_t *window = x + p->x_offset + group * depth;

    for (int32_t lane = 0; lane < 4; ++lane) {
        sum[lane] = 0;
    }
    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            const int8_t *from = window + row * p->x_row + run * p->x_run;
            const int32_t first = channel * filter + p->w_offset + row * p->w_row + run * p->w_run;

            if (lanes == 4) {
                tk_dot4_s4(sum, from, p->length, w, first, filter / 2, offset);
            } else {
                sum[0] += tk_dot1_s4(from, p->length, w, first, offset);
            }
        }
    }
    return lanes;
}

#ifdef __cplusplus
}
#endif

#endif
