/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_prod_s8.h"

#include "tk_math.h"
#include "tk_walk.h"

/* Whether the row that the walk is at begins products: along reduced dimensions it is the first. */
static bool begins(const tk_walk *walk, const tk_reduce *shape)
{
    for (int32_t d = 0; d < shape->rank - 1; ++d) {
        if (shape->stride[d] == 0 && walk->index[d] != 0) {
            return false;
        }
    }
    return true;
}

void tk_prod_s8(const int8_t *restrict x, int8_t *restrict y, int32_t *restrict acc, const tk_reduce *shape,
                const tk_prod_params *params)
{
    const tk_prod_params p = *params;
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    const int32_t columns = shape->dims[last];
    const int32_t step = shape->stride[last];
    int32_t row = 0;
    tk_walk walk = tk_walk_start();

    do {
        const bool first = begins(&walk, shape);

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

        y[i] = tk_limit_s8(tk_wrapping_add(product, p.output_offset), INT8_MIN, INT8_MAX);
    }
}
