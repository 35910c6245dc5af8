/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_fine_s2_s8.h"

#if !TK_DSP_ASM

void tk_depthwise3_fine_s2_s8(const uint32_t *restrict planes, int8_t *restrict y, const uint32_t *restrict w,
                              const tk_planes_shape *shape)
{
    tk_depthwise3_twin(planes, y, w, shape, 2, TK_DEPTHWISE_FINE);
}

#endif
