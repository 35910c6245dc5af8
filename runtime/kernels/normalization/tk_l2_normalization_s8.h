/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_L2_NORMALIZATION_S8_H
#define TK_L2_NORMALIZATION_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* L2_NORMALIZATION over the last dimension, int8: y[r, c] = v[r, c] / sqrt(sum of the squares of row r of v) in units of 1/128,
 * v = x - zero_point, saturated; the inverse root in fixed point (tk_inverse_sqrt).
 * early: so many of the 7 bits of 1/128 are shifted into v before it is multiplied: 0 as for int8, 7 as for uint8.
 * Layout: x and y [rows, cols], 1 <= cols <= 32768.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel, for uint8 LiteRT's. */
void tk_l2_normalization_s8(const int8_t *x, int8_t *y, int32_t rows, int32_t cols, int32_t zero_point, int32_t early);

#ifdef __cplusplus
}
#endif

#endif
