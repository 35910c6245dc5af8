/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_columns3_s2_s8(const int8_t *x, int8_t *y, const tk_columns *columns): see tk_columns3_s2_s8.h. */
#define TK_ROWS 3
#define TK_STRIDE 2
#define TK_NAME tk_columns3_s2_s8
#define TK_SECTION .text.tk_columns3_s2_s8
#include "tk_columns_body.h"
