/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_logical_not.h"

void tk_logical_not(const bool *x, bool *y, int32_t n)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = !x[i];
    }
}
