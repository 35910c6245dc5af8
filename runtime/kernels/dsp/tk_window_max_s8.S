/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_window_max_s8(const int8_t *x, int8_t *y, const tk_fours *window): see tk_window_max_s8.h. */
#define TK_SUMS 0
#define TK_NAME tk_window_max_s8
#define TK_SECTION .text.tk_window_max_s8
#include "tk_window_body.h"
