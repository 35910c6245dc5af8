/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PRELU_S16_H
#define TK_PRELU_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* PRELU with broadcasting, int16; x2 holds the slopes, int8.
 *
 * The formula is that of tk_prelu_s8, saturated to int16; |input_offset| <= 2^15.
 * Layout: x1 and x2 as `shape` strides over them, y contiguous.
 * Aliasing: y may be x1 itself where that is not stretched; no other overlap.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_prelu_s16(const int16_t *x1, const int8_t *x2, int16_t *y, const tk_broadcast *shape,
                  const tk_prelu_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
