/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_blocks_f32.h"

#include <stddef.h>

#include "tk_math.h"
#include "tk_weight_bits.h"

static float sum_s8(const float *x, const int8_t *w, int32_t n, int32_t zero)
{
    float sum = 0.0f;

    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * (float)(w[i] - zero);
    }
    return sum;
}

/* Of weights that begin at `at`, two of them to a byte. */
static float sum_s4(const float *x, const int8_t *w, int32_t at, int32_t n, int32_t zero)
{
    float sum = 0.0f;
    int32_t i = 0;

    if (at % 2 != 0 && n > 0) {
        sum = x[0] * (float)(tk_weight_bits(w, at, 4) - zero);
        i = 1;
    }
    for (; i + 1 < n; i += 2) {
        const int32_t pair = w[(at + i) / 2];
        const int32_t low = ((pair & 15) ^ 8) - 8;
        const int32_t high = (pair - (pair & 15)) / 16;

        sum += x[i] * (float)(low - zero);
        sum += x[i + 1] * (float)(high - zero);
    }
    return i < n ? sum + x[i] * (float)(tk_weight_bits(w, at + i, 4) - zero) : sum;
}

static float sum_block(const float *x, const int8_t *w, int32_t at, int32_t n, int32_t bits, int32_t zero)
{
    float sum = 0.0f;

    if (bits == 8) {
        return sum_s8(x, w + at, n, zero);
    }
    if (bits == 4) {
        return sum_s4(x, w, at, n, zero);
    }
    for (int32_t i = 0; i < n; ++i) {
        sum += x[i] * (float)(tk_weight_bits(w, at + i, bits) - zero);
    }
    return sum;
}

void tk_dense_blocks_f32(const float *restrict x, const int8_t *restrict w, const float *restrict scales,
                         const int8_t *restrict zeros, const float *restrict bias, float *restrict y,
                         const tk_dense_blocks *params)
{
    const tk_dense_blocks *p = params;
    const int32_t blocks = (p->depth + p->block - 1) / p->block;

    for (int32_t b = 0; b < p->batch; ++b) {
        for (int32_t o = 0; o < p->outputs; ++o) {
            float total = bias != NULL ? bias[o] : 0.0f;

            for (int32_t k = 0; k < blocks; ++k) {
                const int32_t from = k * p->block;
                const int32_t n = p->depth - from < p->block ? p->depth - from : p->block;
                const int32_t zero = zeros != NULL ? zeros[o * blocks + k] : 0;

                total += scales[o * blocks + k] * sum_block(x + from, w, o * p->depth + from, n, p->bits, zero);
            }
            y[b * p->outputs + o] = tk_limit_f32(total, p->range);
        }
        x += p->depth;
    }
}
