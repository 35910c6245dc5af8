/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TILE_WIDE2_ANY_S8_H
#define TK_TILE_WIDE2_ANY_S8_H

#include "tk_tile_wide2_s8.h"

#ifndef __ASSEMBLER__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_tile_wide2_s8 computes, with codes as tk_any.h has them: layer->shift is 0. */
void tk_tile_wide2_any_s8(const uint32_t *x, int8_t *const *y, const tk_tile_wide2 *layer);

#ifdef __cplusplus
}
#endif

#endif

#endif
