/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise convolutions with any kernel on Helium: what their functions share. */
#ifndef TK_MVE_DEPTHWISE_ANY_H
#define TK_MVE_DEPTHWISE_ANY_H

#include "tk_mve_conv.h"
#include "tk_mve_taps_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TK_MVE_MAX_TAPS 64

/* A layer: down.rows x columns <= TK_MVE_MAX_TAPS taps, which see the input columns q * stride - pad + j * dilation. */
typedef struct {
    tk_mve_taps taps;
    int32_t in_w;
    int32_t out_w;
    int32_t columns;
    int32_t stride;
    int32_t pad;
    int32_t dilation;
    tk_mve_rows down;
} tk_mve_depthwise_any;

#ifdef __cplusplus
}
#endif

#endif
