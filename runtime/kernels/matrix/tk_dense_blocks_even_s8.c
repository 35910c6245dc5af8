/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_blocks_even_s8.h"

#include <stddef.h>

#include "tk_even.h"
#include "tk_weight_bits.h"

/* Of weights that begin at `at`, two of them to a byte. */
static int32_t sum_s4(const int8_t *x, const int8_t *w, int32_t at, int32_t n, int32_t offset, int32_t zero)
{
    int32_t sum = 0;
    int32_t i = 0;

    if (at % 2 != 0 && n > 0) {
        sum = (x[0] + offset) * (tk_weight_bits(w, at, 4) - zero);
        i = 1;
    }
    for (; i + 1 < n; i += 2) {
        const int32_t pair = w[(at + i) / 2];
        const int32_t low = ((pair & 15) ^ 8) - 8;
        const int32_t high = (pair - (pair & 15)) / 16;

        sum += (x[i] + offset) * (low - zero) + (x[i + 1] + offset) * (high - zero);
    }
    return i < n ? sum + (x[i] + offset) * (tk_weight_bits(w, at + i, 4) - zero) : sum;
}

static int32_t sum_block(const int8_t *x, const int8_t *w, int32_t at, int32_t n, int32_t bits, int32_t offset, int32_t zero)
{
    int32_t sum = 0;

    if (bits == 4) {
        return sum_s4(x, w, at, n, offset, zero);
    }
    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] + offset) * ((bits == 8 ? w[at + i] : tk_weight_bits(w, at + i, bits)) - zero);
    }
    return sum;
}

void tk_dense_blocks_even_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict multipliers,
                             const int8_t *restrict zeros, const int64_t *restrict start, int8_t *restrict y,
                             const tk_dense_blocks_even *params)
{
    const tk_dense_blocks_even *p = params;
    const int32_t blocks = (p->depth + p->block - 1) / p->block;

    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t o = 0; o < p->outputs; ++o) {
            int64_t total = start != NULL ? start[o] : 0;

            for (int32_t k = 0; k < blocks; ++k) {
                const int32_t from = k * p->block;
                const int32_t n = p->depth - from < p->block ? p->depth - from : p->block;
                const int32_t zero = zeros != NULL ? zeros[o * blocks + k] : 0;
                const int32_t sum = sum_block(x + from, w, o * p->depth + from, n, p->bits, p->x_offset, zero);

                total += (int64_t)sum * multipliers[o * blocks + k];
            }
            y[b * p->outputs + o] = (int8_t)tk_even_limit(total, p->right, false, p->output_offset, p->min, p->max);
        }
        x += p->depth;
    }
}
