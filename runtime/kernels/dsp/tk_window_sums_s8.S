/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_window_sums_s8(const int8_t *x, uint32_t *sums, const tk_fours *window): see tk_window_sums_s8.h. */
#define TK_SUMS 1
#define TK_NAME tk_window_sums_s8
#define TK_SECTION .text.tk_window_sums_s8
#include "tk_window_body.h"
