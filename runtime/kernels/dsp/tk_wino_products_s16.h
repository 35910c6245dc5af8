/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_PRODUCTS_S16_H
#define TK_WINO_PRODUCTS_S16_H

#include "tk_wino.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Products of four tiles and two output channels: m[36 * (4 * channel + tile) + p] is the sum over the channels of element p of
 * their inputs, as tk_wino_input_s8 leaves them, times that of the weights, as tk_wino_weights_s8 does; modulo 2^32.
 * Aliasing: none. */
void tk_wino_products_s16(const uint32_t *v, const uint32_t *u, uint32_t *m, int32_t fours);

#ifdef __cplusplus
}
#endif

#endif
