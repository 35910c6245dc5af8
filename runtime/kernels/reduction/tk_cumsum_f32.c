/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_f32.h"

#define TK_VALUE float
#define TK_SUM float
#include "tk_cumsum_body.h"

void tk_cumsum_f32(const float *x, float *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                   int32_t reverse)
{
    tk_cumsum(x, y, outer, n, inner, exclusive, reverse);
}
