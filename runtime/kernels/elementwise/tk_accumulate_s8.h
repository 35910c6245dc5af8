/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ACCUMULATE_S8_H
#define TK_ACCUMULATE_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sums of int8 elements: sum[i] = x[i] + offset if `first`, else sum[i] += x[i] + offset.
 * Aliasing: none. Scratch: none.
 * Exact. */
void tk_accumulate_s8(const int8_t *x, int32_t *sum, int32_t n, int32_t offset, int32_t first);

#ifdef __cplusplus
}
#endif

#endif
