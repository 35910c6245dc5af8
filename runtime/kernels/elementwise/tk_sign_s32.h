/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SIGN_S32_H
#define TK_SIGN_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SIGN, int32: y = -1, 0 or 1 as x is negative, zero or positive.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_sign_s32(const int32_t *x, int32_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
