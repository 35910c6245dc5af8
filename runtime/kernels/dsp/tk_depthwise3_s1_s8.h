/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_S1_S8_H
#define TK_DEPTHWISE3_S1_S8_H

#include "tk_depthwise3.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Four channels of a depthwise 3x3 convolution of stride 1 (tk_depthwise3.h): y[i * line + j * pixel + channel], from planes whose
 * first value is the first tap of the first result. Aliasing: none. */
void tk_depthwise3_s1_s8(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
