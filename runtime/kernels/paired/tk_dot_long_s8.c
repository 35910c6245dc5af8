/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dot_long_s8.h"

#if !TK_LONG_ASM

#include "tk_long.h"

void tk_dot_long_s8(const int32_t *restrict x, const int8_t *restrict w, const int32_t *end, int64_t *restrict sums)
{
    int64_t sum0 = TK_LONG_START;
    int64_t sum1 = TK_LONG_START;
    int64_t sum2 = TK_LONG_START;
    int64_t sum3 = TK_LONG_START;

    for (; x != end; ++x, w += 4) {
        sum0 += (int64_t)*x * w[0];
        sum1 += (int64_t)*x * w[1];
        sum2 += (int64_t)*x * w[2];
        sum3 += (int64_t)*x * w[3];
    }
    sums[0] = sum0;
    sums[1] = sum1;
    sums[2] = sum2;
    sums[3] = sum3;
}

#endif
