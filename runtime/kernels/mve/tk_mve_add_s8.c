/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_add_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_add_s8(const int8_t *x1, const int8_t *x2, int8_t *y, int32_t n, const tk_mve_add *sum)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t code = (x1[i] * sum->multiplier1 + x2[i] * sum->multiplier2 + sum->offset) >> 21;

        y[i] = (int8_t)(code > INT8_MAX ? INT8_MAX : code < INT8_MIN ? INT8_MIN : code);
    }
}

#endif
