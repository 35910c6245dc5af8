/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_BY1_S8_H
#define TK_MVE_DEPTHWISE_BY1_S8_H

#include "tk_mve_depthwise.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, stride 1: tk_mve_depthwise_rows_by1_s8 for all rows of all images.
 *
 * Layout: x and y NHWC. Aliasing, scratch: as there. Exact: where the layer's requantization is. */
void tk_mve_depthwise_by1_s8(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_depthwise *layer);

#ifdef __cplusplus
}
#endif

#endif
