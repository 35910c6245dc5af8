/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cast_f32.h"

#include <stdbool.h>

#include "tk_round.h"
#include "tk_type.h"

typedef struct {
    int64_t min;
    int64_t max;
} limits;

static limits limits_of(int32_t type)
{
    switch (type) {
    case TK_S8:
        return (limits){-128, 127};
    case TK_U8:
        return (limits){0, 255};
    case TK_S16:
        return (limits){-32768, 32767};
    case TK_U16:
        return (limits){0, 65535};
    case TK_U32:
        return (limits){0, UINT32_MAX};
    case TK_S64:
        return (limits){INT64_MIN, INT64_MAX};
    default:
        return (limits){INT32_MIN, INT32_MAX};
    }
}

/* Limits that float rounds are rounded outwards: what lies between them converts. */
static int64_t whole(float value, limits range, int64_t of_nan)
{
    if (value >= (float)range.max) {
        return range.max;
    }
    if (TK_IS_GREATER(value, (float)range.min)) {
        return (int64_t)value;
    }
    return value <= (float)range.min ? range.min : of_nan;
}

static void store(void *y, int32_t i, int32_t type, int64_t value)
{
    switch (type) {
    case TK_S8:
    case TK_U8:
        ((uint8_t *)y)[i] = (uint8_t)value;
        break;
    case TK_S16:
    case TK_U16:
        ((uint16_t *)y)[i] = (uint16_t)value;
        break;
    case TK_S64:
        ((int64_t *)y)[i] = value;
        break;
    default:
        ((uint32_t *)y)[i] = (uint32_t)value;
        break;
    }
}

void tk_cast_f32(const float *x, void *y, int32_t n, int32_t y_type, int32_t nan_is_largest)
{
    const limits range = limits_of(y_type);
    const int64_t of_nan = nan_is_largest != 0 ? range.max : 0;

    for (int32_t i = 0; i < n; ++i) {
        if (y_type == TK_BOOL) {
            ((bool *)y)[i] = x[i] != 0.0f;
        } else {
            store(y, i, y_type, whole(x[i], range, of_nan));
        }
    }
}
