/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_CONV_S16_H
#define TK_MVE_CONV_S16_H

#include "tk_mve_conv.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int16 with int8 weights: tk_mve_conv_row_s16 for all rows of all images.
 *
 * Layout: x and y NHWC; layer->two and layer->down.out_row count elements. Aliasing: none. Scratch: as for a row, twice that if
 * layer->two is used. Exact: as tk_mve_gemm_s16. */
void tk_mve_conv_s16(const int16_t *x, int16_t *y, int16_t *scratch, const tk_mve_conv *layer);

#ifdef __cplusplus
}
#endif

#endif
