/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the int8 convolutions with halves to the even neighbour, whose sums TK_PATCH_SUMS makes, for a channel or a few at
 * once. Internal. */
#ifndef TK_CONV_EVEN_BODY_H
#define TK_CONV_EVEN_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "tk_conv_even.h"
#include "tk_even.h"
#include "tk_patch.h"

#ifdef TK_PATCH_SUMS

#ifdef __cplusplus
extern "C" {
#endif

/* sum[4]: of the inputs, for weights with a zero point; 0 of sums that leave it alone. */
static inline void tk_convolve_even(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                    const int32_t *restrict multiplier, const int8_t *restrict shift,
                                    const int8_t *restrict single, const int32_t *restrict rest, int8_t *restrict y,
                                    const tk_conv_shape *s, const tk_conv_even *p)
{
    const int32_t image = s->out_h * s->out_w;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const tk_patch patch = tk_patch_at(s, i % image / s->out_w, i % s->out_w);
        const int8_t *from = x + i / image * (s->in_h * s->in_w * s->in_c);
        int32_t lanes;

        for (int32_t o = 0; o < s->out_c; o += lanes) {
            int32_t sum[5] = {0, 0, 0, 0, 0};

            lanes = TK_PATCH_SUMS(sum, &patch, s, from, w, o, p->input_offset);
            for (int32_t lane = 0; lane < lanes; ++lane) {
                const int32_t start = bias != NULL ? bias[o + lane] : 0;
                const int32_t acc = start + sum[lane] + sum[4] * p->weights_offset;
                const int64_t product = (int64_t)acc * multiplier[o + lane] + (rest != NULL ? rest[o + lane] : 0);

                *y++ = (int8_t)tk_even_limit(product, 31 - shift[o + lane], single != NULL && single[o + lane] != 0, p->output_offset, p->min, p->max);
            }
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
