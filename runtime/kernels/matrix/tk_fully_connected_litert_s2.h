/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_LITERT_S2_H
#define TK_FULLY_CONNECTED_LITERT_S2_H

#include <stdint.h>

#include "tk_fully_connected_litert_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED, int8 with packed int2 weights, rescaled as LiteRT does it: see tk_fully_connected_litert_s8.
 *
 *     acc     = bias[o] + sum over i of (x[b, i] + input_offset) * w[o, i]
 *     y[b, o] = clamp(round(acc * (input_scale * weight_scale[o] / output_scale)) + output_offset, min, max)
 *
 * Layout: x [batch, depth]; w [outputs, depth], element 4i in the lowest bits of byte i, the next three above it; bias
 * [outputs], or NULL for zeros; y [batch, outputs]. weights_offset is 0.
 * Ranges: acc fits into int32. Aliasing: none. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_fully_connected_litert_s2(const int8_t *x, const int8_t *w, const int32_t *bias, const float *weight_scales,
                                  int8_t *y, const tk_fully_connected_litert_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
