/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_dense_near_any_s8(const int8_t *x, int8_t *y, const tk_dense_params *params): see tk_dense_near_any_s8.h. */
#define TK_KIND 1
#define TK_NEAR 1
#define TK_NAME tk_dense_near_any_s8
#define TK_SECTION .text.tk_dense_near_any_s8
#include "tk_dense_body.h"
