/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_s1_s8.h"

#if !TK_DSP_ASM

void tk_depthwise3_s1_s8(const uint32_t *restrict plane, int8_t *restrict y, const uint32_t *restrict w,
                         const tk_depthwise3_shape *shape)
{
    for (int32_t i = 0; i < shape->lines; ++i) {
        for (int32_t j = 0; j < shape->columns; ++j) {
            y[i * shape->line + j * shape->pixel] = tk_depthwise3_code(plane + 1 * i * TK_LINE, w, 1 * j);
        }
    }
}

#endif
