/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_reduce_s16.h"

#define TK_SIGNED int16_t
#define TK_LEAST INT16_MIN
#define TK_MOST INT16_MAX
#define TK_WRAPPED(a, op, b) ((int16_t)(uint16_t)((uint32_t)(a) op (uint32_t)(b)))
#include "tk_reduce_body.h"

void tk_reduce_s16(const int16_t *restrict x, int16_t *restrict y, const tk_reduce *shape, int32_t reduction)
{
    tk_reduce_rows(x, y, shape, reduction);
}
