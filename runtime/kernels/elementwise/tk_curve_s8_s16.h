/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CURVE_S8_S16_H
#define TK_CURVE_S8_S16_H

#include "tk_curve.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Any function of int8, to int16: y[i] = what `curve` has for x[i] + 128, 0 <= i < n. Aliasing: none.
 * Scratch: none. Exact. */
void tk_curve_s8_s16(const int8_t *x, int16_t *y, int32_t n, const tk_curve *curve);

#ifdef __cplusplus
}
#endif

#endif
