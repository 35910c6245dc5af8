/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CONV_SIGNED_S8_H
#define TK_MVE_CONV_SIGNED_S8_H

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8: tk_mve_conv_row_signed_s8 for all rows of all images.
 *
 * Layout: x and y NHWC. Aliasing: none. Scratch: as for a row, twice that if layer->two is used.
 * Exact: where the layer's requantization is. */
void tk_mve_conv_signed_s8(const int8_t *x, int8_t *y, int8_t *scratch, const tk_mve_conv *layer);

#ifdef __cplusplus
}
#endif

#endif
