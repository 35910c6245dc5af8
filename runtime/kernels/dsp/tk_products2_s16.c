/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_products2_s16.h"

#if !TK_DSP_ASM

void tk_products2_s16(const int16_t *x1, const int16_t *x2, int16_t *restrict y, const tk_products_s16 *products)
{
    const tk_products_s16 *const p = products;
    const uint32_t *w = p->weights;

    for (int32_t i = 0; i < p->pairs; ++i, y += 2, w += 4 + 2 * p->fours) {
        const uint32_t *const multipliers = w + 2 + 2 * p->fours;

        y -= i > 0 && i == p->pairs - 1 ? p->back : 0;
        for (int32_t d = 0; d < 2; ++d) {
            y[d] = tk_products_code(tk_products_sum(x1, w + 2, p->fours, d, w[d]), multipliers[d], p->floor);
            y[p->pitch + d] = tk_products_code(tk_products_sum(x2, w + 2, p->fours, d, w[d]), multipliers[d], p->floor);
        }
    }
}

#endif
