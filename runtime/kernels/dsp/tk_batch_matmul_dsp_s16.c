/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_batch_matmul_dsp_s16.h"

#include "tk_walk.h"

void tk_batch_matmul_dsp_s16(const int16_t *restrict x, const int16_t *restrict w, int16_t *restrict y,
                             const tk_matmul_shape *shape, const tk_dots_s16_params *dots)
{
    const tk_broadcast *b = &shape->batches;
    tk_walk walk = tk_walk_start();

    do {
        for (int32_t i = 0; i < shape->rows; ++i, y += shape->columns) {
            tk_dots_s16(x + walk.offset1 + i * shape->x_row, w + walk.offset2, y, dots);
        }
    } while (tk_walk_next(&walk, b->rank + 1, b->dims, b->stride1, b->stride2));
}
