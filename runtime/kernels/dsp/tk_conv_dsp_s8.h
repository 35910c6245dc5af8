/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_DSP_S8_H
#define TK_CONV_DSP_S8_H

#include "tk_conv_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int8, folded requantization: for every output pixel (b, oh, ow) and channel o
 *
 *     y[b,oh,ow,o] = SAT8((((v * multiplier[o]) >> 32) + addend[o]) >> TK_GEMM_SHIFT)
 *     v = 256 * (start[o] + sum of x * w over the window, x being zero_point outside of the image)
 *
 * Layout: x and y NHWC; weights as for tk_gemm_s8. Aliasing: none.
 * scratch, aligned to 4: 6 * depth + 12 bytes; if out_w is no multiple of 4, 16 more for each word of a window; if the channels of
 * a group are an odd number, 4 * channels more; if width is not 0, width more for each row that a strip sees.
 * Exact: equals the convolution whose constants were folded, under the conditions of tk_gemm_s8.h. */
void tk_conv_dsp_s8(const int8_t *x, int8_t *y, const tk_conv_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
