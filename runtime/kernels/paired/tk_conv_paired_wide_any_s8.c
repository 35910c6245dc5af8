/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_paired_wide_any_s8.h"

#include "tk_dot_wide4_s8.h"
#include "tk_tile_wide2_any_s8.h"

#define TK_PAIR_CODES 2
#define TK_WIDE_TILE tk_tile_wide2_any_s8
#include "tk_conv_paired_wide_body.h"

void tk_conv_paired_wide_any_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                                const tk_conv_paired_wide_params *params, uint32_t *restrict scratch)
{
    const tk_conv_shape *const s = shape;
    const tk_conv_paired_wide_params p = *params;

    for (int32_t b = 0; b < s->batch; ++b) {
        tk_wide_image(x, y, s, &p, scratch);
        x += s->in_h * s->in_w * s->in_c;
        y += s->out_h * s->out_w * p.pitch;
    }
}
