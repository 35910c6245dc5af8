/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_FINE_S2_S8_H
#define TK_DEPTHWISE3_FINE_S2_S8_H

#include "tk_depthwise3.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_depthwise3_s2_s8 with TK_DEPTHWISE_FINE as its last shift. */
void tk_depthwise3_fine_s2_s8(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
