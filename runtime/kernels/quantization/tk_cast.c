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
        from_integer(load_integer(x, i, x_type), y, i, y_type);
    }
}
