/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_ANY_S8_H
#define TK_MVE_DEPTHWISE_ANY_S8_H

#include "tk_mve_depthwise_any.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, any kernel, stride, padding and dilation: tk_mve_depthwise_row_any_s8 for all rows of all images.
 *
 * Layout: x and y NHWC. Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_depthwise_any_s8(const int8_t *x, int8_t *y, const tk_mve_depthwise_any *layer);

#ifdef __cplusplus
}
#endif

#endif
