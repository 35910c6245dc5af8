/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_clamp_s32.h"

void tk_clamp_s32(const int32_t *x, int32_t *y, int32_t n, int32_t min, int32_t max)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t raised = x[i] < min ? min : x[i];

        y[i] = raised > max ? max : raised;
    }
}
