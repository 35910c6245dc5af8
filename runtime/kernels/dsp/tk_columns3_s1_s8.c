/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_columns3_s1_s8.h"

#if !TK_DSP_ASM

void tk_columns3_s1_s8(const int8_t *restrict x, int8_t *restrict y, const tk_columns *columns)
{
    tk_columns_twin(x, y, columns, 1, 3);
}

#endif
