/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_quads2_any_s8(const uint32_t *x, int8_t *y, const tk_quads *quads): see tk_quads2_any_s8.h. */
#define TK_PIXELS 2
#define TK_ANY 1
#define TK_NAME tk_quads2_any_s8
#define TK_SECTION .text.tk_quads2_any_s8
#include "tk_quads_body.h"
