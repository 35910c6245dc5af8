/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_rescale_s32_s8.h"

#include "tk_math.h"

void tk_rescale_s32_s8(const int32_t *x, int8_t *y, int32_t n, const tk_rescale_s32_s8_params *params)
{
    /* A copy: y points to characters, which might alias the original. */
    const tk_rescale_s32_s8_params p = *params;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t result = tk_requantize(x[i] * (INT32_C(1) << p.left_shift), p.multiplier, p.shift);

        y[i] = tk_limit_s8(tk_wrapping_add(result, p.output_offset), INT8_MIN, INT8_MAX);
    }
}
