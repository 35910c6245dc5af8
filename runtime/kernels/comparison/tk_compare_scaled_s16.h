/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPARE_SCALED_S16_H
#define TK_COMPARE_SCALED_S16_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* EQUAL and NOT_EQUAL with broadcasting, int16 of two scales: as tk_compare_s8, |input offsets| <= 2^15, shifts -31 .. 0.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_compare_scaled_s16(const int16_t *x1, const int16_t *x2, bool *y, const tk_broadcast *shape, int32_t cases,
                           const tk_compare_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
