/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_sparse_s8.h"

#include "tk_sparse_sums_s8.h"

static void codes(const int32_t *restrict sums, int32_t first, int32_t n, int8_t *restrict y,
                  const tk_fully_connected_sparse *restrict p)
{
    const tk_requant_clamp clamp = p->clamp;
    int32_t multiplier = tk_requant_multiplier(&p->requant, 0);
    int32_t shift = tk_requant_shift(&p->requant, 0);

    for (int32_t i = 0; i < n; ++i) {
        if (p->requant.step != 0) {
            multiplier = tk_requant_multiplier(&p->requant, first + i);
            shift = tk_requant_shift(&p->requant, first + i);
        }
        y[i] = tk_requant_code(sums[i], multiplier, shift, &clamp);
    }
}

void tk_fully_connected_sparse_s8(const int8_t *restrict x, int8_t *restrict y, const tk_fully_connected_sparse *restrict p)
{
    int32_t sums[TK_SPARSE_BLOCK];

    for (int32_t r = 0; r < p->rows; ++r, x += p->inputs, y += p->outputs) {
        const uint8_t *counts = p->counts;
        const uint32_t *entries = p->entries;

        for (int32_t o = 0; o < p->outputs; o += TK_SPARSE_BLOCK) {
            const int32_t n = p->outputs - o < TK_SPARSE_BLOCK ? p->outputs - o : TK_SPARSE_BLOCK;

            for (int32_t i = 0; i < n; ++i) {
                sums[i] = tk_requant_bias(&p->requant, o + i);
            }
            for (int32_t run = 0; run < p->inputs; run += TK_SPARSE_RUN, counts += n) {
                entries = tk_sparse_sums_s8(x + run, entries, counts, n, sums);
            }
            codes(sums, o, n, y + o, p);
        }
    }
}
