/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tile_wide2_s8.h"

#if !TK_WIDE_ASM

#define TK_PAIR_CODES 1
#define TK_NAME tk_tile_wide2_s8
#include "tk_tile_wide2_twin.h"

#endif
