/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the int8 convolutions whose sums TK_PATCH_SUMS makes, for a channel or a few at once; TK_PARAMS is the type of their
 * parameters. Internal. */
#ifndef TK_CONV_CODES_BODY_H
#define TK_CONV_CODES_BODY_H

#include <stddef.h>
#include <stdint.h>

#include "tk_math.h"
#include "tk_patch.h"

#ifdef TK_PATCH_SUMS

#ifdef __cplusplus
extern "C" {
#endif

/* All output channels of one pixel. */
static inline void tk_convolve_codes_at(const tk_patch *p, const tk_conv_shape *s, const int8_t *x, const int8_t *w,
                                        const int32_t *bias, const int32_t *multiplier, const int8_t *shift, int8_t *y,
                                        const TK_PARAMS *params)
{
    int32_t lanes;

    for (int32_t channel = 0; channel < s->out_c; channel += lanes) {
        int32_t sum[5];

        lanes = TK_PATCH_SUMS(sum, p, s, x, w, channel, params->input_offset);
        for (int32_t lane = 0; lane < lanes; ++lane) {
            const int32_t o = channel + lane;
            const int32_t acc = tk_wrapping_add(sum[lane], bias != NULL ? bias[o] : 0);
            const int32_t result = tk_requantize(acc, multiplier[o], shift[o]);

            y[o] = tk_limit_s8(tk_wrapping_add(result, params->output_offset), params->min, params->max);
        }
    }
}

static inline void tk_convolve_codes(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                                     const int32_t *restrict multiplier, const int8_t *restrict shift, int8_t *restrict y,
                                     const tk_conv_shape *s, const TK_PARAMS *params)
{
    for (int32_t b = 0; b < s->batch; ++b) {
        for (int32_t oh = 0; oh < s->out_h; ++oh) {
            for (int32_t ow = 0; ow < s->out_w; ++ow) {
                const tk_patch p = tk_patch_at(s, oh, ow);

                tk_convolve_codes_at(&p, s, x, w, bias, multiplier, shift, y, params);
                y += s->out_c;
            }
        }
        x += s->in_h * s->in_w * s->in_c;
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
