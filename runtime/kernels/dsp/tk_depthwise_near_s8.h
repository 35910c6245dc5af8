/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_NEAR_S8_H
#define TK_DEPTHWISE_NEAR_S8_H

#include "tk_near.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* A pixel of a depthwise convolution, the channels 0 .. 4 * fours - 1 (tk_near.h). x: the first tap inside the image.
 * Aliasing: none. */
void tk_depthwise_near_s8(const int8_t *x, int8_t *y, const uint32_t *w, const tk_depthwise_near *near);

#ifdef __cplusplus
}
#endif

#endif

#endif
