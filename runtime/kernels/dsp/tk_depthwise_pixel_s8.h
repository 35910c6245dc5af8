/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_PIXEL_S8_H
#define TK_DEPTHWISE_PIXEL_S8_H

#include "tk_depthwise_pixel.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The results of one pixel (tk_depthwise_pixel.h). x: pointers to the channels of every tap's pixel, which need not be aligned.
 * y [channels]. Aliasing: none. Scratch: none. */
void tk_depthwise_pixel_s8(const int8_t *const *x, int8_t *y, const tk_depthwise_pixel *pixel);

#ifdef __cplusplus
}
#endif

#endif
