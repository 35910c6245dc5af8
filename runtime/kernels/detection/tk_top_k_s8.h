/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TOP_K_S8_H
#define TK_TOP_K_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* TOPK_V2 of bytes. The k largest elements of each row of x [rows, columns], largest first, and where they stand; of
 * equal ones the first comes first.
 * values and indices are [rows, k]. 1 <= k <= columns. flip: 0 for int8, -128 for uint8: elements are compared as x
 * ^ flip, read as int8.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_top_k_s8(const void *x, void *values, int32_t *indices, int32_t rows, int32_t columns, int32_t k,
                 int32_t flip);

#ifdef __cplusplus
}
#endif

#endif
