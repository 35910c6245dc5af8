/* SPDX-License-Identifier: Apache-2.0 */
/* void tk_tile_wide2_any_s8(const uint32_t *x, int8_t *const *y, const tk_tile_wide2 *layer): see tk_tile_wide2_any_s8.h. */
#define TK_ANY 1
#define TK_NAME tk_tile_wide2_any_s8
#define TK_SECTION .text.tk_tile_wide2_any_s8
#include "tk_tile_wide2_body.h"
