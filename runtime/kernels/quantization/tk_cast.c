/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cast.h"

#include <stdbool.h>

#include "tk_type.h"

static int64_t load_integer(const void *x, int32_t i, int32_t type)
{
    switch (type) {
    case TK_S8:
        return ((const int8_t *)x)[i];
    case TK_S16:
        return ((const int16_t *)x)[i];
    case TK_U16:
        return ((const uint16_t *)x)[i];
    case TK_S32:
        return ((const int32_t *)x)[i];
    case TK_U32:
        return ((const uint32_t *)x)[i];
    case TK_S64:
        return ((const int64_t *)x)[i];
    default:
        return ((const uint8_t *)x)[i];
    }
}

static int32_t to_s32(float value)
{
    if (value >= 2147483648.0f) {
        return INT32_MAX;
    }
    return value >= -2147483648.0f ? (int32_t)value : (value < 0.0f ? INT32_MIN : 0);
}

static uint32_t to_u32(float value)
{
    if (value >= 4294967296.0f) {
        return UINT32_MAX;
    }
    return value > 0.0f ? (uint32_t)value : 0;
}

static int64_t to_s64(float value)
{
    if (value >= 9223372036854775808.0f) {
        return INT64_MAX;
    }
    return value >= -9223372036854775808.0f ? (int64_t)value : (value < 0.0f ? INT64_MIN : 0);
}

static void store_integer(void *y, int32_t i, int32_t type, int64_t value)
{
    switch (type) {
    case TK_BOOL:
        ((bool *)y)[i] = value != 0;
        break;
    case TK_S16:
    case TK_U16:
        ((uint16_t *)y)[i] = (uint16_t)value;
        break;
    case TK_S32:
    case TK_U32:
        ((uint32_t *)y)[i] = (uint32_t)value;
        break;
    case TK_S64:
        ((int64_t *)y)[i] = value;
        break;
    default:
        ((uint8_t *)y)[i] = (uint8_t)value;
        break;
    }
}

static void from_float(float value, void *y, int32_t i, int32_t type)
{
    if (type == TK_F32) {
        ((float *)y)[i] = value;
    } else if (type == TK_BOOL) {
        ((bool *)y)[i] = value != 0.0f;
    } else if (type == TK_U32) {
        ((uint32_t *)y)[i] = to_u32(value);
    } else {
        store_integer(y, i, type, type == TK_S64 ? to_s64(value) : to_s32(value));
    }
}

static void from_integer(int64_t value, void *y, int32_t i, int32_t type)
{
    if (type == TK_F32) {
        ((float *)y)[i] = (float)value;
    } else {
        store_integer(y, i, type, value);
    }
}

void tk_cast(const void *x, void *y, int32_t n, int32_t x_type, int32_t y_type)
{
    for (int32_t i = 0; i < n; ++i) {
        if (x_type == TK_F32) {
            from_float(((const float *)x)[i], y, i, y_type);
        } else {
            from_integer(load_integer(x, i, x_type), y, i, y_type);
        }
    }
}
