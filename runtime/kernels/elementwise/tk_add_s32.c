/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_add_s32.h"

#include "tk_pairwise.h"

static inline int32_t sum(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

void tk_add_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape)
{
    tk_pairwise_s32(x1, x2, y, shape, sum);
}
