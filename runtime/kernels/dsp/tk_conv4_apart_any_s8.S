/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_conv4_apart_any_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run): see tk_conv4_apart_any_s8.h. */
#define TK_ANY 1
#define TK_APART 1
#define TK_NAME tk_conv4_apart_any_s8
#define TK_SECTION .text.tk_conv4_apart_any_s8
#include "tk_conv4_body.h"
