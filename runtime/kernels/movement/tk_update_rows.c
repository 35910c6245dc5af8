/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_update_rows.h"

#include <stddef.h>
#include <string.h>

#include "tk_type.h"

static size_t bytes_of(int32_t type)
{
    switch (type) {
    case TK_S16:
    case TK_U16:
        return 2;
    case TK_S32:
    case TK_U32:
    case TK_F32:
        return 4;
    case TK_S64:
        return 8;
    default:
        return 1;
    }
}

static float combined_f32(float a, float b, int32_t update)
{
    switch (update) {
    case TK_UPDATE_ADD:
        return a + b;
    case TK_UPDATE_MUL:
        return a * b;
    case TK_UPDATE_MAX:
        return a > b || a != a ? a : b;
    case TK_UPDATE_GREATER:
        return b > a ? b : a;
    case TK_UPDATE_LESS:
        return b < a ? b : a;
    default:
        return a < b || a != a ? a : b;
    }
}

static int32_t combined_s32(int32_t a, int32_t b, int32_t update)
{
    switch (update) {
    case TK_UPDATE_ADD:
        return (int32_t)((uint32_t)a + (uint32_t)b);
    case TK_UPDATE_MUL:
        return (int32_t)((uint32_t)a * (uint32_t)b);
    case TK_UPDATE_MAX:
        return a > b ? a : b;
    default:
        return a < b ? a : b;
    }
}

static int64_t combined_s64(int64_t a, int64_t b, int32_t update)
{
    switch (update) {
    case TK_UPDATE_ADD:
        return (int64_t)((uint64_t)a + (uint64_t)b);
    case TK_UPDATE_MUL:
        return (int64_t)((uint64_t)a * (uint64_t)b);
    case TK_UPDATE_MAX:
        return a > b ? a : b;
    default:
        return a < b ? a : b;
    }
}

/* Element `to` of y combined with element `from` of x. */
static void combine(void *y, int32_t to, const void *x, int32_t from, int32_t type, int32_t update)
{
    if (type == TK_F32) {
        ((float *)y)[to] = combined_f32(((const float *)y)[to], ((const float *)x)[from], update);
    } else if (type == TK_S32) {
        ((int32_t *)y)[to] = combined_s32(((const int32_t *)y)[to], ((const int32_t *)x)[from], update);
    } else {
        ((int64_t *)y)[to] = combined_s64(((const int64_t *)y)[to], ((const int64_t *)x)[from], update);
    }
}

void tk_update_rows(const void *x, const int32_t *indices, const void *updates, void *y, int32_t rows, int32_t size,
                    int32_t count, int32_t type, int32_t update)
{
    const size_t row_bytes = (size_t)size * bytes_of(type);

    if (y != x) {
        memcpy(y, x, (size_t)rows * row_bytes);
    }
    for (int32_t i = 0; i < count; ++i) {
        const int32_t row = indices[i];

        if (row < 0 || row >= rows) {
            continue;
        }
        if (update == TK_UPDATE_PUT) {
            memcpy((uint8_t *)y + (size_t)row * row_bytes, (const uint8_t *)updates + (size_t)i * row_bytes, row_bytes);
            continue;
        }
        for (int32_t j = 0; j < size; ++j) {
            combine(y, row * size + j, updates, i * size + j, type, update);
        }
    }
}
