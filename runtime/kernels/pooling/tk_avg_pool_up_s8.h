/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_UP_S8_H
#define TK_AVG_POOL_UP_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D, int8 that is uint8 in the model: the mean of the codes, halves towards +infinity, not away from zero.
 *
 *     y[b,oh,ow,c] = clamp(floor(sum / n + 1/2), min, max) over the n input elements that the window covers
 *
 * Layout: x and y NHWC. Every window covers an element. -128 <= min <= max <= 127.
 * Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel for uint8 whose codes are 128 more. */
void tk_avg_pool_up_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, int32_t min, int32_t max);

#ifdef __cplusplus
}
#endif

#endif
