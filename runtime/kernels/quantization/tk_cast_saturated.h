/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CAST_SATURATED_H
#define TK_CAST_SATURATED_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CAST of float32 as LiteRT does it: y = x without its fraction, within the limits of y's type; NaN is 0.
 * type: of y, a tk_type, of integers of up to 16 bits. Aliasing: none. Scratch: none. */
void tk_cast_saturated(const float *x, void *y, int32_t n, int32_t type);

#ifdef __cplusplus
}
#endif

#endif
