/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_dense_sums_s8(const uint32_t *x, int32_t *y, const tk_dense_params *params, int32_t sum): see tk_dense_sums_s8.h. */
#define TK_KIND 2
#define TK_NEAR 0
#define TK_NAME tk_dense_sums_s8
#define TK_SECTION .text.tk_dense_sums_s8
#include "tk_dense_body.h"
