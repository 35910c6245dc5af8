/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_EVEN_S16_H
#define TK_AVG_POOL_EVEN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D, int16, with a change of scale, halves to even.
 *
 *     acc        = sum over the `count` input elements that the window covers of (x - x_zero_point)
 *     y[b,h,w,c] = tk_even_code(acc, multiplier[i], shift[i], true, y_zero_point, min, max)
 *
 * where i is count - 1 if `by_count` is set, else 0; a window on nothing gives the zero point.
 * Layout: x and y NHWC; multiplier, shift [k_h * k_w] if `by_count` is set, else [1].
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none. Exact. */
void tk_avg_pool_even_s16(const int16_t *x, const int32_t *multiplier, const int8_t *shift, int16_t *y, const tk_conv_shape *shape,
                          int32_t by_count, int32_t x_zero_point, int32_t y_zero_point, int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
