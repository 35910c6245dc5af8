/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_convolve_1x1_coded_s8.h"

#include "tk_pointwise_block.h"

void tk_convolve_1x1_coded_s8(const int8_t *restrict x, int8_t *restrict y, const tk_convolve_coded *restrict p,
                              int8_t *restrict tile, uint16_t *restrict lookup)
{
    tk_weight_reader reader = tk_open_weights(&p->weights, lookup);

    for (int32_t c = 0; c < p->y.c; c += p->tile) {
        const int32_t count = arm_nn_min(p->y.c - c, p->tile);

        tk_next_units(&reader, count, p->x.c, tile);
        tk_pointwise_block(x, tile, y, &p->requant, c, count, &p->conv, &p->x, &p->y);
    }
}
