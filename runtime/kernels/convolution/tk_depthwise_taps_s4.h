/* SPDX-License-Identifier: Apache-2.0 */
/* Sums of a depthwise convolution over int8 with packed int4 weights. Internal. */
#ifndef TK_DEPTHWISE_TAPS_S4_H
#define TK_DEPTHWISE_TAPS_S4_H

#include <stdint.h>

#include "tk_int4.h"
#include "tk_shape.h"
#include "tk_window.h"

#ifdef __cplusplus
extern "C" {
#endif

/* sum of (x + x_offset) * (w + w_offset) over the taps inside the image x, for one output channel. */
static inline int32_t tk_depthwise_sum_s4(const tk_conv_shape *s, tk_window rows, tk_window columns, const int8_t *x,
                                          const int8_t *w, int32_t channel, int32_t x_offset, int32_t w_offset)
{
    const int32_t x_first = (rows.first * s->in_w + columns.first) * s->in_c + channel / (s->out_c / s->in_c);
    const int32_t w_first = (rows.begin * s->k_w + columns.begin) * s->out_c + channel;
    int32_t sum = 0;

    for (int32_t row = 0; row < rows.count; ++row) {
        int32_t at = x_first + row * s->dilation_h * s->in_w * s->in_c;
        int32_t tap = w_first + row * s->k_w * s->out_c;

        for (int32_t column = 0; column < columns.count; ++column) {
            sum += (x[at] + x_offset) * (tk_element_s4(w, tap) + w_offset);
            at += s->dilation_w * s->in_c;
            tap += s->out_c;
        }
    }
    return sum;
}

#ifdef __cplusplus
}
#endif

#endif
