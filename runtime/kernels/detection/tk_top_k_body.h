/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_top_k_* whose values, of the type TK_VALUE, are compared as they are. Internal. */
#ifndef TK_TOP_K_BODY_H
#define TK_TOP_K_BODY_H

#include <stdint.h>

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

/* Puts a value in its place among the `count` that are there already; the last of k falls out. */
static inline void tk_top_k_insert(TK_VALUE value, int32_t index, TK_VALUE *values, int32_t *indices, int32_t count, int32_t k)
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

static inline void tk_top_k(const TK_VALUE *restrict x, TK_VALUE *restrict values, int32_t *restrict indices, int32_t rows,
                            int32_t columns, int32_t k)
{
    for (int32_t row = 0; row < rows; ++row) {
        for (int32_t i = 0; i < columns; ++i) {
            tk_top_k_insert(x[i], i, values, indices, i < k ? i : k, k);
        }
        x += columns;
        values += k;
        indices += k;
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
