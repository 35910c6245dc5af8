/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_remember_s16(int16_t *state, const int16_t *weights, int32_t *sums, const tk_remember *shape): see
 * tk_remember_s16.h. */
#define TK_BITS 16
#define TK_NAME tk_remember_s16
#define TK_SECTION .text.tk_remember_s16
#include "tk_remember_body.h"
