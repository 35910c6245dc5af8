/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_INTEGER_S8_H
#define TK_CONV_INTEGER_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Sums of products of int8, any stride, dilation and number of groups.
 *
 *     y[b,oh,ow,o] = sum of (x - zero[0]) * (w - weight_zeros[o]) over the taps inside the input
 *
 * Layout: x NHWC; w [out_c][k_h][k_w][in_c / groups]; zero [1], weight_zeros [out_c], or NULL for zeros; y NHWC.
 * Ranges: the sums fit into int32. Aliasing: none. Scratch: none. Exact. */
void tk_conv_integer_s8(const int8_t *x, const int8_t *zero, const int8_t *w, const int32_t *weight_zeros, int32_t *y,
                        const tk_conv_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
