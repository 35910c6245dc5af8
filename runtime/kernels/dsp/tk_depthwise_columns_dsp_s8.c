/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_columns_dsp_s8.h"

#include "tk_columns2_s1_s8.h"
#include "tk_columns2_s2_s8.h"
#include "tk_columns3_s1_s8.h"
#include "tk_columns3_s2_s8.h"

static void line(const int8_t *x, int8_t *y, const tk_columns *columns, int32_t stride, int32_t rows)
{
    if (rows == 3) {
        if (stride == 1) {
            tk_columns3_s1_s8(x, y, columns);
        } else {
            tk_columns3_s2_s8(x, y, columns);
        }
    } else if (stride == 1) {
        tk_columns2_s1_s8(x, y, columns);
    } else {
        tk_columns2_s2_s8(x, y, columns);
    }
}

void tk_depthwise_columns_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise_columns *layer)
{
    const tk_depthwise_columns *const p = layer;

    for (int32_t i = 0; i < p->batch * p->out_rows; ++i) {
        const int32_t image = i / p->out_rows;
        const int32_t top = (i - image * p->out_rows) * p->stride - p->pad;
        const int32_t first = top < 0 ? 0 : top;
        const int32_t rows = (top + 3 < p->in_rows ? top + 3 : p->in_rows) - first;
        tk_columns columns = p->columns;

        columns.above = top < 0;
        line(x + (image * p->in_rows + first) * columns.pitch, y + i * columns.out_w * columns.channels, &columns, p->stride, rows);
    }
}
