/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_dot_wide4_s8(const uint32_t *x, const int8_t *w, const uint32_t *end, uint32_t *sums): see its header. */
#define TK_GROUP 4
#define TK_NAME tk_dot_wide4_s8
#define TK_SECTION .text.tk_dot_wide4_s8
#include "tk_dot_wide_body.h"
