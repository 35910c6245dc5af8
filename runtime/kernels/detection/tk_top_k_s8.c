/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_top_k_s8.h"

#define TK_VALUE int8_t
#include "tk_top_k_body.h"

void tk_top_k_s8(const void *restrict input, void *restrict output, int32_t *restrict indices, int32_t rows,
                 int32_t columns, int32_t k, int32_t flip)
{
    const int8_t *x = input;
    int8_t *values = output;

    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t i = 0; i < columns; ++i) {
            tk_top_k_insert((int8_t)(x[i] ^ flip), i, values, indices, i < k ? i : k, k);
        }
        for (int32_t i = 0; i < k; ++i) {
            values[i] = (int8_t)(values[i] ^ flip);
        }
        x += columns;
        values += k;
        indices += k;
    }
}
