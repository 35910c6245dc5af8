/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_rows_s8.h"

#include "tk_depthwise3_s1_s8.h"
#include "tk_depthwise3_s2_s8.h"
#include "tk_planes_s8.h"

static void four(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape,
                 const tk_depthwise_layer *layer)
{
    if (layer->stride_columns == 1) {
        tk_depthwise3_s1_s8(planes, y, w, shape);
    } else {
        tk_depthwise3_s2_s8(planes, y, w, shape);
    }
}

void tk_depthwise3_rows_s8(const int8_t *const *rows, int8_t *restrict y, int32_t lines, const tk_depthwise_layer *layer,
                           uint32_t *restrict scratch)
{
    static const tk_depthwise_kernels kernels = {tk_planes_s8, four};

    tk_depthwise_block(&kernels, rows, y, lines, layer, scratch);
}
