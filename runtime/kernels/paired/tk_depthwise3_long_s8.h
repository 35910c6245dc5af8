/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_LONG_S8_H
#define TK_DEPTHWISE3_LONG_S8_H

#include <stdint.h>

#include "tk_depthwise3_pairs.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, 3x3, stride, dilation and multiplier 1, two output rows in one long multiplication: for cores that accumulate 64 bits.
 *
 *     y[b, oh, ow, c] = code of the sum over kh, kw of x[b, ih, iw, c] * w[kh, kw, c]
 *
 * where padding, at most 1 in front and behind, counts as the zero point, and the code is tk_folded_code: with the compiler's
 * constants what TensorFlow Lite Micro's reference kernel makes of it, bias and offsets included.
 * Layout: x and y NHWC. Aliasing: none. scratch: 4 * in_w bytes.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_depthwise3_long_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_depthwise3_pairs_params *params,
                             int8_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
