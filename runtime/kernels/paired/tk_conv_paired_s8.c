/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_paired_s8.h"

#include "tk_dot_paired2_s8.h"
#include "tk_dot_paired4_s8.h"

#define TK_PAIR_CODES 0
#include "tk_conv_paired_body.h"

void tk_conv_paired_s8(const int8_t *restrict x, int8_t *restrict y, const tk_conv_shape *shape,
                       const tk_conv_paired_params *params, uint32_t *restrict scratch)
{
    const tk_conv_shape *const s = shape;
    const tk_conv_paired_params p = *params;
    const int32_t inputs = s->k_h * s->k_w * s->in_c;
    const int32_t last = s->out_h * s->out_w - 1;
    int8_t *const room = (int8_t *)(scratch + p.depth / p.group * (p.group + 1));

    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t i = 0; i <= last; i += 2) {
            const int32_t j = i < last ? i + 1 : i; /* a last pixel without partner is paired with itself */
            const int8_t *const first = tk_pair_inputs(x, i, s, p.zero_point, room);
            const int8_t *const second = tk_pair_inputs(x, j, s, p.zero_point, room + p.depth);
            const uint32_t *const end = tk_pair_words(first, second, inputs, p.depth, p.group, scratch);

            tk_pair_convolve(scratch, end, &p, s->out_c, y + i * p.pitch, y + j * p.pitch);
        }
        x += s->in_h * s->in_w * s->in_c;
        y += (last + 1) * p.pitch;
    }
}
