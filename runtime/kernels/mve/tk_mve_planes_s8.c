/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mve_planes_s8.h"

#if !TK_MVE_ASSEMBLY

void tk_mve_planes_s8(const int8_t *const *rows, int8_t *planes, const tk_mve_planes *layer, int32_t channel, int32_t count)
{
    const int32_t width = layer->left + layer->columns + layer->right;

    for (int32_t c = 0; c < count; ++c) {
        for (int32_t r = 0; r < layer->rows; ++r) {
            for (int32_t i = 0; i < width; ++i) {
                const int32_t column = i - layer->left;
                const int32_t inside = column >= 0 && column < layer->columns;

                planes[c * layer->plane + r * width + i]
                    = inside ? rows[r][column * layer->pixel + channel + c] : (int8_t)layer->zero_point;
            }
        }
    }
}

#endif
