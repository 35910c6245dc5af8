/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SQRT_S16_H
#define TK_SQRT_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SQRT, int16 with zero point 0: y = min(sqrt(x_scale * x) / y_scale, 32767) without its fraction; 0 for x < 0.
 * Computed in float. 0 < x_scale, y_scale.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_sqrt_s16(const int16_t *x, int16_t *y, int32_t n, float x_scale, float y_scale);

#ifdef __cplusplus
}
#endif

#endif
