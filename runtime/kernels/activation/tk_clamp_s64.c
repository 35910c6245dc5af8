/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_clamp_s64.h"

void tk_clamp_s64(const int64_t *x, int64_t *y, int32_t n, int64_t min, int64_t max)
{
    for (int32_t i = 0; i < n; ++i) {
        const int64_t raised = x[i] < min ? min : x[i];

        y[i] = raised > max ? max : raised;
    }
}
