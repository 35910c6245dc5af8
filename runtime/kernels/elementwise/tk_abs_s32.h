/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ABS_S32_H
#define TK_ABS_S32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ABS, int32: y = |x|; the lowest number stays.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_abs_s32(const int32_t *x, int32_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
