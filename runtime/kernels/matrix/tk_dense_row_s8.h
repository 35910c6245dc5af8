/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_ROW_S8_H
#define TK_DENSE_ROW_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_dense_row_s8 multiplies: `length` inputs of a row, `depth` in all rows; minus the zero points of both operands. */
typedef struct {
    int32_t length;
    int32_t depth;
    int32_t outputs;
    int32_t input_offset;
    int32_t weights_offset;
} tk_dense_row_s8_params;

/* A part of FULLY_CONNECTED: the inputs first .. first + length - 1.
 *
 *     sums[o] = (first > 0 ? sums[o] : bias ? bias[o] : 0)
 *               + sum over i of (x[i] + input_offset) * (w[o * depth + first + i] + weights_offset)
 *
 * modulo 2^32. Ranges: length <= 2^14. Aliasing: none. */
void tk_dense_row_s8(const int8_t *x, const int8_t *w, const int32_t *bias, int32_t *sums, int32_t first,
                     const tk_dense_row_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
