/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_s64.h"

#define TK_SIGNED int64_t
#define TK_LEAST INT64_MIN
#define TK_MOST INT64_MAX
#define TK_WRAPPED(a, op, b) ((int64_t)((uint64_t)(a) op (uint64_t)(b)))
#include "tk_reduce_body.h"

void tk_reduce_s64(const int64_t *restrict x, int64_t *restrict y, const tk_reduce *shape, int32_t reduction)
{
    tk_reduce_rows(x, y, shape, reduction);
}
