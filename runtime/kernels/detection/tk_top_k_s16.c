/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_top_k_s16.h"

#define TK_VALUE int16_t
#include "tk_top_k_body.h"

void tk_top_k_s16(const int16_t *restrict x, int16_t *restrict values, int32_t *restrict indices, int32_t rows,
                  int32_t columns, int32_t k)
{
    tk_top_k(x, values, indices, rows, columns, k);
}
