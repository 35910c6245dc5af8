/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PLANES_S8_H
#define TK_PLANES_S8_H

#include "tk_depthwise3.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `pairs` pairs of pixels, `pitch` bytes from one pixel to the next, of four channels each, into a line of four planes of
 * halfwords: planes[q * TK_PLANE + i] = (x[2 i pitch + q], x[(2 i + 1) pitch + q]). x need not be aligned. Aliasing: none. */
void tk_planes_s8(const int8_t *x, int32_t pitch, int32_t pairs, uint32_t *planes);

#ifdef __cplusplus
}
#endif

#endif
