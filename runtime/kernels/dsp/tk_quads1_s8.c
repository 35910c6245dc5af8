/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_quads1_s8.h"

#if !TK_DSP_ASM

void tk_quads1_s8(const uint32_t *restrict x, int8_t *restrict y, const tk_quads *quads)
{
    tk_quads_twin(x, y, quads, 1, 0);
}

#endif
