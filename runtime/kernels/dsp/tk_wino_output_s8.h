/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_OUTPUT_S8_H
#define TK_WINO_OUTPUT_S8_H

#include "tk_wino.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The results of four tiles and two output channels, the first of which is `channel`, from their products:
 *
 *     y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> TK_WINO_SHIFT),  v = A m A' + 4 * start
 *
 * q, for each channel: multiplier, addend, below, start. Aliasing: none. */
void tk_wino_output_s8(const uint32_t *m, const uint32_t *q, const tk_wino_tiles *tiles, int32_t channel);

#ifdef __cplusplus
}
#endif

#endif
