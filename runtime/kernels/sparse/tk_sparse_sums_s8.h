/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SPARSE_SUMS_S8_H
#define TK_SPARSE_SUMS_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* sums[i] += the products of the next counts[i] words of entries (tk_fully_connected_sparse_s8.h), for i < n. Returns what is behind
 * them. Internal. */
const uint32_t *tk_sparse_sums_s8(const int8_t *x, const uint32_t *entries, const uint8_t *counts, int32_t n, int32_t *sums);

#ifdef __cplusplus
}
#endif

#endif
