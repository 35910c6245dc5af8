/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_requantize_integers.h"

#include "tk_math.h"
#include "tk_type.h"

static int32_t load(const void *x, int32_t i, int32_t type)
{
    switch (type) {
    case TK_S8:
        return ((const int8_t *)x)[i];
    case TK_S16:
        return ((const int16_t *)x)[i];
    default:
        return ((const int32_t *)x)[i];
    }
}

static void store(void *y, int32_t i, int32_t type, int32_t value)
{
    switch (type) {
    case TK_S8:
        ((int8_t *)y)[i] = (int8_t)value;
        break;
    case TK_S16:
        ((int16_t *)y)[i] = (int16_t)value;
        break;
    default:
        ((int32_t *)y)[i] = value;
        break;
    }
}

void tk_requantize_integers(const void *x, int32_t x_type, void *y, int32_t y_type, int32_t n,
                            const tk_requantize_params *params)
{
    const tk_requantize_params p = *params;

    for (int32_t i = 0; i < n; ++i) {
        const int32_t scaled = tk_requantize(tk_wrapping_add(load(x, i, x_type), p.input_offset), p.multiplier, p.shift);

        store(y, i, y_type, tk_limit_s32(tk_wrapping_add(scaled, p.output_offset), p.min, p.max));
    }
}
