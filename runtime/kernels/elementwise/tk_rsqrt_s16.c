/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rsqrt_s16.h"

#include "tk_fixed_point.h"
#include "tk_math.h"

enum { FRACTION = 20 };

void tk_rsqrt_s16(const int16_t *x, int16_t *y, int32_t n, int32_t multiplier, int32_t shift)
{
    for (int32_t i = 0; i < n; ++i) {
        int32_t root_shift;
        const int32_t root = tk_inverse_sqrt(x[i] < 0 ? 0 : x[i], &root_shift);
        const int32_t raised = tk_requantize(1, root, root_shift + FRACTION);

        y[i] = x[i] <= 0 ? INT16_MAX : tk_limit_s16(tk_requantize(raised, multiplier, shift - FRACTION), 0, INT16_MAX);
    }
}
