/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_OF_SUMS_S16_H
#define TK_DENSE_OF_SUMS_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* step: 1 if every output has a multiplier and a shift, 0 if all have the first one. narrow: bias and sums have 32 bits. */
typedef struct {
    int32_t outputs;
    int32_t step;
    int32_t narrow;
    int32_t min;
    int32_t max;
} tk_dense_of_sums_s16_params;

/* The end of FULLY_CONNECTED, or of a convolution whose window is the image, of int16, of sums that tk_dense_row_s16 or
 * tk_depthwise_row_s16 made:
 *
 *     y[o] = clamp(R(sums[o] + bias[o], multiplier[o * step], shift[o * step]), min, max)
 *
 * R is tk_requantize if `narrow` is set, where the sum wraps to 32 bits, else tk_requantize_s64. bias: int64, or with `narrow`
 * int32, or NULL. Aliasing: none. */
void tk_dense_of_sums_s16(const int64_t *sums, const void *bias, const int32_t *multiplier, const int8_t *shift, int16_t *y,
                          const tk_dense_of_sums_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
