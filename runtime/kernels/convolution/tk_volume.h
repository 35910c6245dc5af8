/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of a window that slides over depth, height and width. */
#ifndef TK_VOLUME_H
#define TK_VOLUME_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Along each axis a the outer position o meets the inner position o * stride[a] - pad[a] + tap * dilation[a]; what lies outside
 * is left out. Strides and dilations >= 1, pads >= 0, everything else >= 1. */
typedef struct {
    int32_t batch;
    int32_t outer[3];
    int32_t outer_c;
    int32_t inner[3];
    int32_t inner_c;
    int32_t taps[3];
    int32_t stride[3];
    int32_t pad[3];
    int32_t dilation[3];
} tk_volume_shape;

#ifdef __cplusplus
}
#endif

#endif
