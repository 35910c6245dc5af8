/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_cast.h"

#include "tk_element.h"

static void from_integer(int64_t value, void *y, int32_t i, int32_t type)
{
    if (type == TK_F32) {
        ((float *)y)[i] = (float)value;
    } else {
        tk_store_integer(y, i, type, value);
    }
}

void tk_cast(const void *x, void *y, int32_t n, int32_t x_type, int32_t y_type)
{
    for (int32_t i = 0; i < n; ++i) {
        from_integer(tk_load_integer(x, i, x_type), y, i, y_type);
    }
}
