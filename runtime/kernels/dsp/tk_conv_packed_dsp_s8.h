/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_PACKED_DSP_S8_H
#define TK_CONV_PACKED_DSP_S8_H

#include "tk_conv_packed.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_conv_dsp_s8 with its constants packed (tk_conv_packed.h): they are unpacked before the first pixel.
 * Layout: x and y NHWC; weights as for tk_gemm2_apart_s8. Aliasing: none. scratch, aligned to 4: 8 bytes for each channel of each
 * group, rounded up to an even number of channels, more than tk_conv_dsp_s8 needs. Exact under the conditions of tk_gemm_s8.h. */
void tk_conv_packed_dsp_s8(const int8_t *x, int8_t *y, const tk_conv_packed *packed, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
