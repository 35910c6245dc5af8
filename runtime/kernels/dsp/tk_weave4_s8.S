/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_weave4_s8(const int8_t *const *rows, int32_t first, uint32_t *out, const tk_weave *weave): see tk_weave4_s8.h. */
#define TK_PIXELS 4
#define TK_NAME tk_weave4_s8
#define TK_SECTION .text.tk_weave4_s8
#include "tk_weave_body.h"
