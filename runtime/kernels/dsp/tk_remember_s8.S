/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_remember_s8(int8_t *state, const int8_t *weights, int32_t *sums, const tk_remember *shape): see
 * tk_remember_s8.h. */
#define TK_BITS 8
#define TK_NAME tk_remember_s8
#define TK_SECTION .text.tk_remember_s8
#include "tk_remember_body.h"
