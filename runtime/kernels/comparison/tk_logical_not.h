/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOGICAL_NOT_H
#define TK_LOGICAL_NOT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LOGICAL_NOT: y = !x.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_logical_not(const bool *x, bool *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
