/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_weave4_s8.h"

#if !TK_DSP_ASM

void tk_weave4_s8(const int8_t *const *rows, int32_t first, uint32_t *restrict out, const tk_weave *weave)
{
    tk_weave_twin(rows, first, out, weave, 3, 1);
}

#endif
