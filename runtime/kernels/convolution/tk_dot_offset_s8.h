/* SPDX-License-Identifier: Apache-2.0 */
/* Dot products of int8 with an offset that is added to every x, over the patch of a convolution. Internal. */
#ifndef TK_DOT_OFFSET_S8_H
#define TK_DOT_OFFSET_S8_H

#include <stdint.h>

#include "tk_patch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* sum[0] += (x + offset) * w, sum[4] += x + offset. */
static inline void tk_patch_dot1_s8(int32_t sum[5], const tk_patch *p, const int8_t *x, const int8_t *w, int32_t offset)
{
    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            const int8_t *from = x + row * p->x_row + run * p->x_run;
            const int8_t *filter = w + row * p->w_row + run * p->w_run;

            for (int32_t i = 0; i < p->length; ++i) {
                const int32_t value = from[i] + offset;

                sum[0] += value * filter[i];
                sum[4] += value;
            }
        }
    }
}

/* The same for four filters, `step` elements apart: sum[0] to sum[3], and sum[4]. */
static inline void tk_patch_dot4_s8(int32_t sum[5], const tk_patch *p, const int8_t *x, const int8_t *w, int32_t step,
                                    int32_t offset)
{
    int32_t sum0 = 0;
    int32_t sum1 = 0;
    int32_t sum2 = 0;
    int32_t sum3 = 0;
    int32_t total = 0;

    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            const int8_t *from = x + row * p->x_row + run * p->x_run;
            const int8_t *w0 = w + row * p->w_row + run * p->w_run;
            const int8_t *w1 = w0 + step;
            const int8_t *w2 = w1 + step;
            const int8_t *w3 = w2 + step;

            for (const int8_t *end = from + p->length; from != end;) {
                const int32_t value = *from++ + offset;

                sum0 += value * *w0++;
                sum1 += value * *w1++;
                sum2 += value * *w2++;
                sum3 += value * *w3++;
                total += value;
            }
        }
    }
    sum[0] += sum0;
    sum[1] += sum1;
    sum[2] += sum2;
    sum[3] += sum3;
    sum[4] += total;
}

/* As many output channels as one pass over the patch makes, from `channel` on: four of one group, or one. */
static inline int32_t tk_patch_sums_s8(int32_t sum[5], const tk_patch *p, const tk_conv_shape *s, const int8_t *x,
                                       const int8_t *w, int32_t channel, int32_t offset)
{
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;
    const int32_t filter = s->k_h * s->k_w * depth;
    const int32_t group = channel / filters;
    const int8_t *window = x + p->x_offset + group * depth;
    const int8_t *first = w + channel * filter + p->w_offset;

    for (int32_t lane = 0; lane < 5; ++lane) {
        sum[lane] = 0;
    }
    if ((group + 1) * filters - channel < 4) {
        tk_patch_dot1_s8(sum, p, window, first, offset);
        return 1;
    }
    tk_patch_dot4_s8(sum, p, window, first, filter, offset);
    return 4;
}

#ifdef __cplusplus
}
#endif

#endif
