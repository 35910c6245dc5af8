/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_long_any_s8.h"

#include "tk_dot_long_s8.h"

#define TK_PAIR_CODES 2
#include "tk_conv_long_body.h"

void tk_conv_long_any_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                         const tk_conv_long_params *params, int32_t *restrict scratch)
{
    const tk_conv_shape *const s = shape;
    const tk_conv_long_params p = *params;
    const int32_t pixels = s->out_h * s->out_w;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t i = 0; i < pixels; i += 2) {
            tk_long_pixels(x, y, i, s, &p, scratch);
        }
        x += s->in_h * s->in_w * s->in_c;
        y += pixels * p.pitch;
    }
}
