/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DETERMINANT_F32_H
#define TK_DETERMINANT_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Det: the determinants of `count` matrices x [count, n, n], by elimination with the largest pivot of each column.
 * Aliasing: none. Scratch: `matrix`, n * n floats. Exact but for rounding. */
void tk_determinant_f32(const float *x, float *y, float *matrix, int32_t count, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
