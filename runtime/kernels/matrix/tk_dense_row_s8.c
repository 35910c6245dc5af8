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

void tk_dense_row_s8(const int8_t *restrict x, const int8_t *restrict w, const int32_t *restrict bias,
                     int32_t *restrict sums, int32_t first, const tk_dense_row_s8_params *params)
{
    const int32_t depth = params->depth;
    const int32_t outputs = params->outputs;

    for (int32_t o = 0; o < outputs; ++o) {
        const int32_t start = first > 0 ? sums[o] : bias != NULL ? bias[o] : 0;

        sums[o] = tk_wrapping_add(start, products(x, w + o * depth + first, params));
    }
}
