/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_sums2_s16.h"

#if !TK_DSP_ASM

void tk_sums2_s16(const int16_t *x1, const int16_t *x2, int32_t *restrict y, const tk_products_s16 *products)
{
    const tk_products_s16 *const p = products;
    const uint32_t *w = p->weights;

    for (int32_t i = 0; i < p->pairs; ++i, w += 2 + 2 * p->fours) {
        for (int32_t d = 0; d < 2; ++d) {
            *y++ = (int32_t)tk_products_sum(x1, w + 2, p->fours, d, w[d]);
            *y++ = (int32_t)tk_products_sum(x2, w + 2, p->fours, d, w[d]);
        }
    }
}

#endif
