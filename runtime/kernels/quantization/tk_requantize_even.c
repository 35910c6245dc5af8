/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_requantize_even.h"

#include "tk_even.h"
#include "tk_type.h"

void tk_requantize_even(const void *x, int32_t x_type, void *y, int32_t y_type, int32_t n, const tk_requantize_params *params)
{
    const tk_requantize_params p = *params;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t code = x_type == TK_S8 ? ((const int8_t *)x)[i] : ((const int16_t *)x)[i];
        const int32_t result = tk_even_code(code + p.input_offset, p.multiplier, p.shift, false, p.output_offset, p.min, p.max);

        if (y_type == TK_S8) {
            ((int8_t *)y)[i] = (int8_t)result;
        } else {
            ((int16_t *)y)[i] = (int16_t)result;
        }
    }
}
