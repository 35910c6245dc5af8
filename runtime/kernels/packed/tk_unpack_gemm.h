/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UNPACK_GEMM_H
#define TK_UNPACK_GEMM_H

#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The words {multiplier, addend} of tk_gemm_s8.h for channels first .. first + count - 1. With multiplier M and shift -s of a channel,
 * and y0, the output_offset:
 *
 *     multiplier M >> (s - 5)    addend (y0 << 12) + 2^11 + (2^11 >> s)
 *
 * which is round(round(sum * M / 2^31) / 2^s) + y0 as TensorFlow Lite Micro rounds twice, but for the s - 5 lowest bits of M, and
 * for negative sums: that neither makes a difference is a fact about the layer, which the compiler proves.
 * Ranges: 5 <= s <= 24. Aliasing: none. */
void tk_unpack_gemm(const tk_requant *packed, int32_t first, int32_t count, int32_t output_offset, uint32_t *to);

#ifdef __cplusplus
}
#endif

#endif
