/* SPDX-License-Identifier: Apache-2.0 */
/* The body of the kernels tk_mean_even_*, for elements of TK_MEAN_EVEN_BITS bits: 16, or undefined for 8. Internal. */
#ifndef TK_MEAN_EVEN_BODY_H
#define TK_MEAN_EVEN_BODY_H

#include "tk_even.h"
#include "tk_shape.h"
#include "tk_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef TK_MEAN_EVEN_BITS
typedef int16_t tk_mean_even_element;
#else
typedef int8_t tk_mean_even_element;
#endif

static inline void tk_mean_even_row(const tk_mean_even_element *x, int32_t n, int32_t *acc, int32_t step)
{
    if (step == 0) {
        int32_t sum = *acc;

        for (int32_t i = 0; i < n; ++i) {
            sum += x[i];
        }
        *acc = sum;
        return;
    }
    for (int32_t i = 0; i < n; ++i) {
        acc[i * step] += x[i];
    }
}

/* min, max: what an element holds. */
static inline void tk_mean_even(const tk_mean_even_element *x, tk_mean_even_element *y, int32_t *acc,
                                const tk_reduce *shape, const tk_mean_s8_params *params, int32_t min, int32_t max)
{
    const tk_mean_s8_params p = *params;
    const int32_t outputs = tk_reduce_outputs(shape);
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    for (int32_t i = 0; i < outputs; ++i) {
        acc[i] = p.sum_offset;
    }
    do {
        tk_mean_even_row(x, shape->dims[last], acc + walk.offset1, shape->stride[last]);
        x += shape->dims[last];
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride, shape->stride));
    for (int32_t i = 0; i < outputs; ++i) {
        y[i] = (tk_mean_even_element)tk_even_code(acc[i], p.multiplier, p.shift, true, p.output_offset, min, max);
    }
}

#ifdef __cplusplus
}
#endif

#endif
