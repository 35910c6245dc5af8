/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_products1_s16(...): see tk_products1_s16.h. */
#include "tk_products_s16.h"

#define TK_CODES 1
#define TK_NAME tk_products1_s16
#define TK_SECTION .text.tk_products1_s16
#include "tk_products1_body.h"
