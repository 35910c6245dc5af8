/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_PLANES_S8_H
#define TK_MVE_PLANES_S8_H

#include "tk_mve_lines.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Lays out 1 to TK_MVE_LINES channels of `rows` input rows as planes: planes[c][r][left + i] = rows[r][i * pixel + channel + c].
 * Aliasing: none. Scratch: none; 32 bytes of stack. */
void tk_mve_planes_s8(const int8_t *const *rows, int8_t *planes, const tk_mve_planes *layer, int32_t channel, int32_t count);

#ifdef __cplusplus
}
#endif

#endif
