/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_resize_nearest.h"

#include <string.h>

void tk_resize_nearest(const void *restrict x, void *restrict y, const int32_t *rows, const int32_t *columns,
                       int32_t batch, int32_t in_h, int32_t in_w, int32_t out_h, int32_t out_w, int32_t pixel_bytes)
{
    const uint8_t *from = (const uint8_t *)x;
    uint8_t *to = (uint8_t *)y;

    for (int32_t n = 0; n < batch; ++n) {
        for (int32_t h = 0; h < out_h; ++h) {
            const uint8_t *row = from + rows[h] * in_w * pixel_bytes;

            for (int32_t w = 0; w < out_w; ++w) {
                memcpy(to, row + columns[w] * pixel_bytes, (size_t)pixel_bytes);
                to += pixel_bytes;
            }
        }
        from += in_h * in_w * pixel_bytes;
    }
}
