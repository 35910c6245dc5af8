/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DEPTHWISE_LINES_S8_H
#define TK_MVE_DEPTHWISE_LINES_S8_H

#include "tk_mve_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DEPTHWISE_CONV_2D, int8, any depth multiplier: tk_mve_depthwise_row_lines_s8 for all rows of all images.
 *
 * Layout: x and y NHWC. planes: as there. Aliasing: none. Scratch: planes.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_depthwise_lines_s8(const int8_t *x, int8_t *y, int8_t *planes, const tk_mve_depthwise_lines *layer);

#ifdef __cplusplus
}
#endif

#endif
