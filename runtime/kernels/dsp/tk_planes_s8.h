/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PLANES_S8_H
#define TK_PLANES_S8_H

#include "tk_planes.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Four channels of lines of pixels into lines of four planes (tk_planes.h): word i of line a of channel q is
 * planes[a * TK_FOUR_LINES + q * TK_LINE + i]. rows: lines->lines pointers; where one is NULL, the planes' line is left as it is.
 * channel: the first of the four. At most TK_LINE words a line. Nothing of the image need be aligned. Aliasing: none. */
void tk_planes_s8(const int8_t *const *rows, uint32_t *planes, const tk_planes_lines *lines, int32_t channel);

#ifdef __cplusplus
}
#endif

#endif
