/* SPDX-License-Identifier: Apache-2.0 */
/* What convolutions of int16 that round halves to the even neighbour share. Internal. */
#ifndef TK_SUMS_EVEN_S16_H
#define TK_SUMS_EVEN_S16_H

#include <stddef.h>
#include <stdint.h>

#include "tk_conv_even_s16.h"
#include "tk_even.h"

#ifdef __cplusplus
extern "C" {
#endif

/* sum of (x + input_offset) * (w + weights_offset) over n elements of x and those of w that lie w_step apart; it has 64 bits if
 * long_sums is set. */
static inline int64_t tk_dot_even_s16(const int16_t *x, const int8_t *w, int32_t n, const tk_conv_even_s16_params *p)
{
    const int32_t step = p->w_step;
    int32_t sum = 0;

    if (p->long_sums != 0) {
        int64_t total = 0;

        for (int32_t i = 0; i < n; ++i) {
            total += (x[i] + p->input_offset) * (w[i * step] + p->weights_offset);
        }
        return total;
    }
    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] + p->input_offset) * (w[i * step] + p->weights_offset);
    }
    return sum;
}

/* The code of the sum of products of channel o. */
static inline int16_t tk_code_even_s16(int64_t sum, const void *bias, const int32_t *multiplier, const int8_t *shift,
                                       const int32_t *rest, int32_t o, const tk_conv_even_s16_params *p)
{
    const int32_t more = rest != NULL ? rest[o] : 0;

    if (bias != NULL) {
        sum += p->long_bias != 0 ? ((const int64_t *)bias)[o] : ((const int32_t *)bias)[o];
    }
    return (int16_t)tk_even_long(sum, multiplier[o], more, shift[o], p->output_offset, p->min, p->max);
}

#ifdef __cplusplus
}
#endif

#endif
