/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FULLY_CONNECTED_LITERT_S16_PACKED_H
#define TK_FULLY_CONNECTED_LITERT_S16_PACKED_H

#include <stdint.h>

#include "tk_fully_connected_litert_s16.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED, int16 with zero point 0 and packed weights of `bits`, 4 or 2, each, rescaled as LiteRT does it: see
 * tk_fully_connected_litert_s16.
 *
 * Layout: as there, but w: the first element of a byte in its lowest bits.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT's reference kernel. */
void tk_fully_connected_litert_s16_packed(const int16_t *x, const int8_t *w, const void *bias, const float *weight_scales,
                                          int16_t *y, const tk_fully_connected_litert_s16_params *params, int32_t bits);

#ifdef __cplusplus
}
#endif

#endif
