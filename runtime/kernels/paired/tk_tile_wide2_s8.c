/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_tile_wide2_s8.h"

#if !TK_WIDE_ASM

#define TK_PAIR_CODES 1
#include "tk_tile_wide2_twin.h"

void tk_tile_wide2_s8(const uint32_t *x, int8_t *const *y, const tk_tile_wide2 *layer)
{
    tk_tile_twin(x, y, layer);
}

#endif
