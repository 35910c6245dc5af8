/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_quantize_even_f32_s16.h"

#include "tk_round.h"

void tk_quantize_even_f32_s16(const float *restrict x, int16_t *restrict y, int32_t n, float scale, int32_t zero_point)
{
    for (int32_t i = 0; i < n; ++i) {
        y[i] = (int16_t)tk_round_to_code_even(x[i] / scale, zero_point, INT16_MIN, INT16_MAX);
    }
}
