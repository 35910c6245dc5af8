/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_top_k_s64.h"

#define TK_VALUE int64_t
#include "tk_top_k_body.h"

void tk_top_k_s64(const int64_t *restrict x, int64_t *restrict values, int32_t *restrict indices, int32_t rows,
                  int32_t columns, int32_t k)
{
    tk_top_k(x, values, indices, rows, columns, k);
}
