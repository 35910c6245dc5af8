/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_paired_wide_s8.h"

#include "tk_dot_wide4_s8.h"
#include "tk_tile_wide2_s8.h"

#define TK_PAIR_CODES 1
#include "tk_conv_paired_wide_body.h"

/* An image in groups of two inputs, four pixels at a time; the last one stands for those that are missing. */
static void in_fours(const int8_t *x, int8_t *y, const tk_conv_shape *s, const tk_conv_paired_wide_params *p, uint32_t *words)
{
    const int32_t last = s->out_h * s->out_w - 1;
    const tk_tile_wide2 layer = {p->weights, p->codes, p->depth, s->out_c, p->shift};
    int8_t *const room = (int8_t *)(words + 2 * p->depth);

    for (int32_t i = 0; i <= last; i += 4) {
        const int32_t second = i + 1 < last ? i + 1 : last;
        const int32_t third = i + 2 < last ? i + 2 : last;
        const int32_t fourth = i + 3 < last ? i + 3 : last;
        int8_t *const to[4] = {y + i * p->pitch, y + second * p->pitch, y + third * p->pitch, y + fourth * p->pitch};

        tk_wide_windows(x, i, second, s, p, words, 2, room);
        tk_wide_windows(x, third, fourth, s, p, words + 1, 2, room);
        tk_tile_wide2_s8(words, to, &layer);
    }
}

void tk_conv_paired_wide_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                            const tk_conv_paired_wide_params *params, uint32_t *restrict scratch)
{
    const tk_conv_shape *const s = shape;
    const tk_conv_paired_wide_params p = *params;

    for (int32_t b = 0; b < s->batch; ++b) {
        if (p.group == 4) {
            tk_wide_pairs(x, y, s, &p, scratch);
        } else {
            in_fours(x, y, s, &p, scratch);
        }
        x += s->in_h * s->in_w * s->in_c;
        y += s->out_h * s->out_w * p.pitch;
    }
}
