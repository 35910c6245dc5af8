/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_s32.h"

#define TK_SIGNED int32_t
#define TK_LEAST INT32_MIN
#define TK_MOST INT32_MAX
#define TK_WRAPPED(a, op, b) ((int32_t)((uint32_t)(a) op (uint32_t)(b)))
#include "tk_reduce_body.h"

void tk_reduce_s32(const int32_t *restrict x, int32_t *restrict y, const tk_reduce *shape, int32_t reduction)
{
    tk_reduce_rows(x, y, shape, reduction);
}
