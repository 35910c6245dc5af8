/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_even_s16.h"

#include "tk_patch.h"
#include "tk_sums_even_s16.h"

/* One output: x is the image from the group's first channel on, w the filter. */
static int64_t patch_sum(const tk_patch *p, const int16_t *x, const int8_t *w, const tk_conv_even_s16_params *params)
{
    int64_t sum = 0;

    for (int32_t row = 0; row < p->rows; ++row) {
        for (int32_t run = 0; run < p->runs; ++run) {
            const int32_t from = p->x_offset + row * p->x_row + run * p->x_run;
            const int32_t by = p->w_offset + row * p->w_row + run * p->w_run;

            sum += tk_dot_even_s16(x + from, w + by * params->w_step, p->length, params);
        }
    }
    return sum;
}

void tk_conv_even_s16(const int16_t *restrict x, const int8_t *restrict w, const void *restrict bias,
                      const int32_t *restrict multiplier, const int8_t *restrict shift, const int32_t *restrict rest,
                      int16_t *restrict y, const tk_conv_shape *shape, const tk_conv_even_s16_params *params)
{
    const tk_conv_shape *s = shape;
    const int32_t image = s->out_h * s->out_w;
    const int32_t depth = s->in_c / s->groups;
    const int32_t filters = s->out_c / s->groups;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const tk_patch patch = tk_patch_at(s, i % image / s->out_w, i % s->out_w);
        const int16_t *from = x + i / image * (s->in_h * s->in_w * s->in_c);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int64_t sum = patch_sum(&patch, from + o / filters * depth, w + o * params->w_filter, params);

            *y++ = tk_code_even_s16(sum, bias, multiplier, shift, rest, o, params);
        }
    }
}
