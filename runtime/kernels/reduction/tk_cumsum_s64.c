/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cumsum_s64.h"

#define TK_VALUE int64_t
#define TK_SUM uint64_t
#include "tk_cumsum_body.h"

void tk_cumsum_s64(const int64_t *x, int64_t *y, int32_t outer, int32_t n, int32_t inner, int32_t exclusive,
                   int32_t reverse)
{
    tk_cumsum(x, y, outer, n, inner, exclusive, reverse);
}
