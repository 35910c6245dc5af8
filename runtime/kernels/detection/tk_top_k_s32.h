/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TOP_K_S32_H
#define TK_TOP_K_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* TOPK_V2 of int32. The k largest elements of each row of x [rows, columns], largest first, and where they stand; of
 * equal ones the first comes first.
 * values and indices are [rows, k]. 1 <= k <= columns.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_top_k_s32(const int32_t *x, int32_t *values, int32_t *indices, int32_t rows, int32_t columns, int32_t k);

#ifdef __cplusplus
}
#endif

#endif
