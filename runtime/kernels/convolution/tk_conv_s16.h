/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_S16_H
#define TK_CONV_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* narrow: bias and sums have 32 bits. -32768 <= min <= max <= 32767. */
typedef struct {
    int32_t narrow;
    int32_t min;
    int32_t max;
} tk_conv_s16_params;

/* CONV_2D, int16 with zero point 0, int8 weights, any number of groups: for where CMSIS-NN has no function.
 *
 *     y[b,oh,ow,o] = clamp(R(bias[o] + sum of x * w over the taps inside the input, multiplier[o], shift[o]), min, max)
 *
 * R is tk_requantize if `narrow` is set, where the sum wraps to 32 bits, else tk_requantize_s64.
 * Layout: x NHWC; w [out_c][k_h][k_w][in_c / groups]; bias int64, or with `narrow` int32, or NULL; y NHWC.
 * Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_s16(const int16_t *x, const int8_t *w, const void *bias, const int32_t *multiplier, const int8_t *shift,
                 int16_t *y, const tk_conv_shape *shape, const tk_conv_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
