/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CURVE_S16_S8_H
#define TK_CURVE_S16_S8_H

#include "tk_curve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Any function of int16, to int8: y[i] = what `curve` has for x[i] + 32768, 0 <= i < n. Aliasing: none.
 * Scratch: none. Exact. */
void tk_curve_s16_s8(const int16_t *x, int8_t *y, int32_t n, const tk_curve *curve);

#ifdef __cplusplus
}
#endif

#endif
