/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions of int16 on Helium: what their functions share. */
#ifndef TK_MVE_DEPTHWISE_TAPS_H
#define TK_MVE_DEPTHWISE_TAPS_H

#include "tk_mve_conv.h"
#include "tk_mve_taps_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TK_MVE_MAX_TAPS_S16 64

/* A layer: down.rows x columns <= TK_MVE_MAX_TAPS_S16 taps, which see the input columns q * stride - pad + j * dilation.
 * pixels.step: stride times channels. */
typedef struct {
    tk_mve_pixels pixels;
    int32_t in_w;
    int32_t out_w;
    int32_t columns;
    int32_t stride;
    int32_t pad;
    int32_t dilation;
    tk_mve_rows down;
} tk_mve_depthwise_taps;

#ifdef __cplusplus
}
#endif

#endif
