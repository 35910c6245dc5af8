/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_s32.h"

#define TK_VALUE int32_t
#define TK_SUM uint32_t
#include "tk_cumsum_body.h"

void tk_cumsum_s32(const int32_t *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                   int32_t reverse)
{
    tk_cumsum(x, y, outer, n, inner, exclusive, reverse);
}
