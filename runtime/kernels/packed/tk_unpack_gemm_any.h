/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UNPACK_GEMM_ANY_H
#define TK_UNPACK_GEMM_ANY_H

#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The words {multiplier, addend, below, shift} of tk_gemm_s8.h for channels first .. first + count - 1. With multiplier M and shift
 * -s of a channel, and y0, the output_offset:
 *
 *     multiplier M    addend (y0 << (s + 7)) + 2^(s + 6) + 2^6    below -2^7    shift s + 7
 *
 * which is round(round(sum * M / 2^31) / 2^s) + y0 as TensorFlow Lite Micro rounds twice, for every sum.
 * Ranges: 1 <= s <= 24, and the addend in 32 bits. Aliasing: none. */
void tk_unpack_gemm_any(const tk_requant *packed, int32_t first, int32_t count, int32_t output_offset, uint32_t *to);

#ifdef __cplusplus
}
#endif

#endif
