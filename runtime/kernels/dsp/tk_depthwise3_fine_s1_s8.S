/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_depthwise3_fine_s1_s8(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape):
 * see tk_depthwise3_fine_s1_s8.h. */
#define TK_STRIDE 1
#define TK_SHIFT TK_DEPTHWISE_FINE
#define TK_NAME tk_depthwise3_fine_s1_s8
#define TK_SECTION .text.tk_depthwise3_fine_s1_s8
#include "tk_depthwise3_body.h"
