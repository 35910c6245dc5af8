/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_columns3_s2_s8.h"

#if !TK_DSP_ASM

void tk_columns3_s2_s8(const int8_t *restrict x, int8_t *restrict y, const tk_columns *columns)
{
    tk_columns_twin(x, y, columns, 2, 3);
}

#endif
