/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEXT_PALETTE4_S8_H
#define TK_NEXT_PALETTE4_S8_H

#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Codes of 4 bits: places in a palette of 16 weights, which is one for all units or that of the unit. The first code is the lowest
 * in its byte; a unit ends with its byte. */
tk_next_weights tk_next_palette4_s8;

#ifdef __cplusplus
}
#endif

#endif
