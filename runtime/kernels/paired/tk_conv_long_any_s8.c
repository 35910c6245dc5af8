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
    const int32_t last = s->out_h * s->out_w - 1;

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t i = 0; i <= last; i += 2) {
            const int32_t j = i < last ? i + 1 : i; /* a last pixel without partner is paired with itself */

            tk_long_windows(x, i, j, s, p.zero_point, p.depth, scratch);
            tk_long_convolve(scratch, &p, s->out_c, y + i * p.pitch, y + j * p.pitch);
        }
        x += s->in_h * s->in_w * s->in_c;
        y += (last + 1) * p.pitch;
    }
}
