/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_scatter_nd.h"

#include <string.h>

#include "tk_locate.h"
#include "tk_type.h"

static int32_t bytes_of(int32_t type)
{
    switch (type) {
    case TK_S16:
        return 2;
    case TK_S32:
    case TK_F32:
        return 4;
    case TK_S64:
        return 8;
    default:
        return 1;
    }
}

/* y[at + i] += x[i]. Unsigned, so that sums wrap. */
static void add_row(void *y, int32_t at, const void *x, int32_t from, int32_t n, int32_t type)
{
    for (int32_t i = 0; i < n; ++i) {
        const int32_t to = at + i;
        const int32_t j = from + i;

        switch (type) {
        case TK_F32:
            ((float *)y)[to] += ((const float *)x)[j];
            break;
        case TK_S64:
            ((uint64_t *)y)[to] += ((const uint64_t *)x)[j];
            break;
        case TK_S32:
            ((uint32_t *)y)[to] += ((const uint32_t *)x)[j];
            break;
        case TK_S16:
            ((uint16_t *)y)[to] = (uint16_t)((uint32_t)((uint16_t *)y)[to] + ((const uint16_t *)x)[j]);
            break;
        case TK_BOOL:
            ((uint8_t *)y)[to] |= ((const uint8_t *)x)[j];
            break;
        default:
            ((uint8_t *)y)[to] = (uint8_t)(((uint8_t *)y)[to] + ((const uint8_t *)x)[j]);
            break;
        }
    }
}

void tk_scatter_nd(const int32_t *indices, const void *updates, void *y, int32_t elements, const tk_index_shape *shape,
                   int32_t type)
{
    memset(y, 0, (size_t)(elements * bytes_of(type)));
    for (int32_t i = 0; i < shape->count; ++i) {
        const int32_t at = tk_locate(indices + i * shape->depth, shape);

        if (at >= 0) {
            add_row(y, at, updates, i * shape->slice_elements, shape->slice_elements, type);
        }
    }
}
