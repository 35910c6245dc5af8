/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_row_s8.h"

#include <stddef.h>

#include "tk_math.h"

static int32_t products(const int8_t *restrict x, const int8_t *restrict w, const tk_dense_row_s8_params *p)
{
    const int32_t x_offset = p->input_offset;
    const int32_t w_offset = p->weights_offset;
    const int32_t n = p->length;
    int32_t sum = 0;

    if (w_offset == 0) {
        for (int32_t i = 0; i < n; ++i) {
            sum += (x[i] + x_offset) * w[i];
        }
        return sum;
    }
    for (int32_t i = 0; i < n; ++i) {
        sum += (x[i] + x_offset) * (int32_t)(w[i] + w_offset);
    }
    return sum;
}

/* Of four outputs at a time: an input is read once for all of them. */
static void four_products(const int8_t *restrict x, const int8_t *restrict w, int32_t depth, const tk_dense_row_s8_params *p,
                          int32_t sums[4])
{
    const int32_t x_offset = p->input_offset;
    const int32_t n = p->length;
    int32_t s0 = 0, s1 = 0, s2 = 0, s3 = 0;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t input = x[i] + x_offset;

        s0 += input * w[i];
        s1 += input * w[depth + i];
        s2 += input * w[2 * depth + i];
        s3 += input * w[3 * depth + i];
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
}

void tk_dense_row_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                     int32_t *restrict sums, int32_t first, const tk_dense_row_s8_params *params)
{
    const int32_t depth = params->depth;
    const int32_t fours = params->weights_offset == 0 ? params->outputs / 4 * 4 : 0;

    for (int32_t o = 0; o < params->outputs; ++o) {
        if (first == 0) {
            sums[o] = bias != NULL ? bias[o] : 0;
        }
    }
    for (int32_t o = 0; o < fours; o += 4) {
        int32_t added[4];

        four_products(x, w + o * depth + first, depth, params, added);
        for (int32_t i = 0; i < 4; ++i) {
            sums[o + i] = tk_wrapping_add(sums[o + i], added[i]);
        }
    }
    for (int32_t o = fours; o < params->outputs; ++o) {
        sums[o] = tk_wrapping_add(sums[o], products(x, w + o * depth + first, params));
    }
}
