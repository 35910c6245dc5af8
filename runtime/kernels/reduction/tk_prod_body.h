/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_prod_* of codes, of the type TK_VALUE. Internal. */
#ifndef TK_PROD_BODY_H
#define TK_PROD_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_math.h"
#include "tk_walk.h"

#ifdef TK_VALUE

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the row that the walk is at begins products: along reduced dimensions it is the first. */
static inline bool tk_prod_begins(const tk_walk *walk, const tk_reduce *shape)
{
    for (int32_t d = 0; d < shape->rank - 1; ++d) {
        if (shape->stride[d] == 0 && walk->index[d] != 0) {
            return false;
        }
    }
    return true;
}

static inline void tk_prod(const TK_VALUE *restrict x, TK_VALUE *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                           const tk_prod_params *params, int32_t lowest, int32_t highest)
{
    const tk_prod_params p = *params;
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    const int32_t columns = shape->dims[last];
    const int32_t step = shape->stride[last];
    int32_t row = 0;
    tk_walk walk = tk_walk_start();

    do {
        const bool first = tk_prod_begins(&walk, shape);

        for (int32_t i = 0; i < columns; ++i) {
            const int32_t at = walk.offset1 + i * step;
            const int32_t factor = x[row + i] + p.input_offset;
            const bool starts = first && (i == 0 || step != 0);

            acc[at] = starts ? factor : tk_requantize_s64((int64_t)acc[at] * factor, p.multiplier, p.shift);
        }
        row += columns;
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        const int32_t product = tk_requantize_s64(acc[i], p.multiplier, p.shift);

        y[i] = (TK_VALUE)tk_limit_s32(tk_wrapping_add(product, p.output_offset), lowest, highest);
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
