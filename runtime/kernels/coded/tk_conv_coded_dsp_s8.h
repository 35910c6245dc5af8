/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_CODED_DSP_S8_H
#define TK_CONV_CODED_DSP_S8_H

#include "tk_conv_coded_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_conv_dsp_s8 with coded weights. scratch: as that; tile: scratch, words of `tile` channels, for each pair 2 + layer.depth / 2 + 4;
 * lookup: scratch of the code, or NULL. Aliasing: none. Exact: equals the convolution whose constants were folded. */
void tk_conv_coded_dsp_s8(const int8_t *x, int8_t *y, const tk_conv_coded *conv, uint32_t *scratch, uint32_t *tile, uint16_t *lookup);

#ifdef __cplusplus
}
#endif

#endif
