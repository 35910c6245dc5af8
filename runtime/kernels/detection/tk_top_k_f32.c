/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_top_k_f32.h"

#define TK_VALUE float
#include "tk_top_k_body.h"

void tk_top_k_f32(const float *restrict x, float *restrict values, int32_t *restrict indices, int32_t rows,
                  int32_t columns, int32_t k)
{
    tk_top_k(x, values, indices, rows, columns, k);
}
