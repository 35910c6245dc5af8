/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_integer_s8.h"

#include <stddef.h>

#include "tk_dot_offset_s8.h"

void tk_conv_integer_s8(const int8_t *restrict x, const int8_t *restrict zero, const int8_t *restrict w,
                        const int32_t *restrict weight_zeros, int32_t *restrict y, const tk_conv_shape *shape)
{
    const tk_conv_shape *s = shape;
    const int32_t image = s->out_h * s->out_w;
    const int32_t offset = zero != NULL ? -zero[0] : 0;

    for (int32_t i = 0; i < s->batch * image; ++i) {
        const tk_patch patch = tk_patch_at(s, i % image / s->out_w, i % s->out_w);
        const int8_t *from = x + i / image * (s->in_h * s->in_w * s->in_c);
        int32_t lanes;

        for (int32_t o = 0; o < s->out_c; o += lanes) {
            int32_t sum[5];

            lanes = tk_patch_sums_s8(sum, &patch, s, from, w, o, offset);
            for (int32_t lane = 0; lane < lanes; ++lane) {
                *y++ = sum[lane] - sum[4] * (weight_zeros != NULL ? weight_zeros[o + lane] : 0);
            }
        }
    }
}
