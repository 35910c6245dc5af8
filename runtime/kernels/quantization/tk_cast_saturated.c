/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cast_saturated.h"

#include "tk_type.h"

static int32_t whole(float value, int32_t min, int32_t max)
{
    if (value >= (float)max) {
        return max;
    }
    return value > (float)min ? (int32_t)value : (value < 0.0f ? min : 0);
}

void tk_cast_saturated(const float *x, void *y, int32_t n, int32_t type)
{
    for (int32_t i = 0; i < n; ++i) {
        switch (type) {
        case TK_S8:
            ((int8_t *)y)[i] = (int8_t)whole(x[i], -128, 127);
            break;
        case TK_U8:
            ((uint8_t *)y)[i] = (uint8_t)whole(x[i], 0, 255);
            break;
        case TK_S16:
            ((int16_t *)y)[i] = (int16_t)whole(x[i], -32768, 32767);
            break;
        default:
            ((uint16_t *)y)[i] = (uint16_t)whole(x[i], 0, 65535);
            break;
        }
    }
}
