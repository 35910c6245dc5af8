/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_NEG_S16_H
#define TK_NEG_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* NEG, int16: y = -x; the lowest number stays.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. */
void tk_neg_s16(const int16_t *x, int16_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
