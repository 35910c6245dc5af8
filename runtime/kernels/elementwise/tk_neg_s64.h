/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEG_S64_H
#define TK_NEG_S64_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NEG, int64: y = -x; the lowest number stays.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_neg_s64(const int64_t *x, int64_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
