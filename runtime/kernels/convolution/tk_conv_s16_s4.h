/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_S16_S4_H
#define TK_CONV_S16_S4_H

#include <stdint.h>

#include "tk_conv_s16.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CONV_2D, int16 with zero point 0 and packed int4 weights, any number of groups: see tk_conv_s16.
 *
 * Layout: as there, but w [out_c][k_h][k_w][in_c / groups], element 2i in the low half of byte i, 2i + 1 in the high one.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT's reference kernel. */
void tk_conv_s16_s4(const int16_t *x, const int8_t *w, const void *bias, const int32_t *multiplier, const int8_t *shift,
                    int16_t *y, const tk_conv_shape *shape, const tk_conv_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
