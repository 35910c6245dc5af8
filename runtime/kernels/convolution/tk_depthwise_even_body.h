/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the depthwise convolutions of int8 with halves to the even neighbour, whose sums TK_DEPTHWISE_SUM makes. Internal. */
#ifndef TK_DEPTHWISE_EVEN_BODY_H
#define TK_DEPTHWISE_EVEN_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "tk_conv_even.h"
#include "tk_even.h"
#include "tk_window.h"

#ifdef TK_DEPTHWISE_SUM

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_depthwise_even(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                     const int32_t *restrict multiplier, const int8_t *restrict shift,
                                     const int8_t *restrict single, const int32_t *restrict rest, int8_t *restrict y,
                                     const tk_conv_shape *s, const tk_conv_even *p)
{
    const int32_t image = s->out_h * s->out_w;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const int32_t oh = i % image / s->out_w;
        const int32_t ow = i % s->out_w;
        const int8_t *from = x + i / image * (s->in_h * s->in_w * s->in_c);
        const tk_window rows = tk_window_clip(oh * s->stride_h - s->pad_h, s->dilation_h, s->k_h, s->in_h);
        const tk_window columns = tk_window_clip(ow * s->stride_w - s->pad_w, s->dilation_w, s->k_w, s->in_w);

        for (int32_t o = 0; o < s->out_c; ++o) {
            const int32_t sum = TK_DEPTHWISE_SUM(s, rows, columns, from, w, o, p->input_offset, p->weights_offset);
            const int32_t acc = sum + (bias != NULL ? bias[o] : 0);
            const int64_t product = (int64_t)acc * multiplier[o] + (rest != NULL ? rest[o] : 0);

            *y++ = (int8_t)tk_even_limit(product, 31 - shift[o], single != NULL && single[o] != 0, p->output_offset, p->min, p->max);
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
