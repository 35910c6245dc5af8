/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEXT_MASK_S8_H
#define TK_NEXT_MASK_S8_H

#include "tk_weight_reader.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Which weights are not 0, and those. For every 32 weights of a unit four bytes, the lowest first, whose highest bit stands for the
 * first weight; for the n that are left ceil(n / 8) bytes, in the same way. Behind each of these the weights whose bits are 1. */
tk_next_weights tk_next_mask_s8;

#ifdef __cplusplus
}
#endif

#endif
