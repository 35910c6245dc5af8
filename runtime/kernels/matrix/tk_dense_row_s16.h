/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_ROW_S16_H
#define TK_DENSE_ROW_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A part of FULLY_CONNECTED of int16: the inputs first .. first + length - 1, of `depth` in all.
 *
 *     sums[o] = (first > 0 ? sums[o] : 0) + sum over i of x[i] * w[o * depth + first + i]
 *
 * Aliasing: none. */
void tk_dense_row_s16(const int16_t *x, const int8_t *w, int64_t *sums, int32_t length, int32_t depth, int32_t outputs,
                      int32_t first);

#ifdef __cplusplus
}
#endif

#endif
