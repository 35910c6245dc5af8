/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_even_s8.h"

#include <stddef.h>

#include "tk_dot_offset_s8.h"
#include "tk_even.h"

void tk_conv_even_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                     const int32_t *restrict multiplier, const int8_t *restrict shift, const int8_t *restrict single,
                     const int32_t *restrict rest,
                     int8_t *restrict y, const tk_conv_shape *shape, const tk_conv_even *params)
{
    const tk_conv_shape *s = shape;
    const tk_conv_even *p = params;
    const int32_t image = s->out_h * s->out_w;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const tk_patch patch = tk_patch_at(s, i % image / s->out_w, i % s->out_w);
        const int8_t *from = x + i / image * (s->in_h * s->in_w * s->in_c);
        int32_t lanes;

        for (int32_t o = 0; o < s->out_c; o += lanes) {
            int32_t sum[5];

            lanes = tk_patch_sums_s8(sum, &patch, s, from, w, o, p->input_offset);
            for (int32_t lane = 0; lane < lanes; ++lane) {
                const int32_t start = bias != NULL ? bias[o + lane] : 0;
                const int32_t acc = start + sum[lane] + sum[4] * p->weights_offset;
                const int64_t product = (int64_t)acc * multiplier[o + lane] + (rest != NULL ? rest[o + lane] : 0);

                *y++ = (int8_t)tk_even_limit(product, 31 - shift[o + lane], single != NULL && single[o + lane] != 0, p->output_offset, p->min, p->max);
            }
        }
    }
}
