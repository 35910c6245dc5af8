/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_sums1_s16(...): see tk_sums1_s16.h. */
#include "tk_products_s16.h"

#define TK_CODES 0
#define TK_NAME tk_sums1_s16
#define TK_SECTION .text.tk_sums1_s16
#include "tk_products1_body.h"
