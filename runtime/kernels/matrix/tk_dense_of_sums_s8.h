/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_OF_SUMS_S8_H
#define TK_DENSE_OF_SUMS_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* step: 1 if every output has a multiplier and a shift, 0 if all have the first one. */
typedef struct {
    int32_t outputs;
    int32_t step;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_dense_of_sums_s8_params;

/* The end of FULLY_CONNECTED, of sums that tk_dense_row_s8 made:
 *
 *     y[o] = clamp(R(sums[o], multiplier[o * step], shift[o * step]) + output_offset, min, max)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded twice (tk_requantize). Aliasing: none. */
void tk_dense_of_sums_s8(const int32_t *sums, const int32_t *multiplier, const int8_t *shift, int8_t *y,
                         const tk_dense_of_sums_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
