/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_top_k_s16.h"

/* Puts a value in its place among the `count` that are there already; the last of k falls out. */
static void insert(int16_t value, int32_t index, int16_t *values, int32_t *indices, int32_t count, int32_t k)
{
    int32_t at = count < k ? count : k - 1;

    if (count == k && !(value > values[at])) {
        return;
    }
    for (; at > 0 && value > values[at - 1]; --at) {
        values[at] = values[at - 1];
        indices[at] = indices[at - 1];
    }
    values[at] = value;
    indices[at] = index;
}

void tk_top_k_s16(const int16_t *restrict x, int16_t *restrict values, int32_t *restrict indices, int32_t rows,
                  int32_t columns, int32_t k)
{
    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t i = 0; i < columns; ++i) {
            insert(x[i], i, values, indices, i < k ? i : k, k);
        }
        x += columns;
        values += k;
        indices += k;
    }
}
