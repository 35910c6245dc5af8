/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_DENSE_SIGNED_S8_H
#define TK_MVE_DENSE_SIGNED_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FULLY_CONNECTED of one row, int8, requantized as tk_mve_gemm_signed_s8 does it.
 *
 * Layout: x [depth], y [channels]; of layer, step, pitch and rows are not used. weights: as in tk_mve_gemm.h, but a block of 16
 * weights for each of an octet's eight channels in turn, and behind all of them the constants of both tiles.
 * Aliasing: none. Scratch: none; 112 bytes of stack. */
void tk_mve_dense_signed_s8(const int8_t *x, int8_t *y, const tk_mve_gemm *layer);

#ifdef __cplusplus
}
#endif

#endif
