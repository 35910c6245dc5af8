/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REQUANTIZE_INTEGERS_H
#define TK_REQUANTIZE_INTEGERS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t input_offset; /* minus the zero point */
    int32_t multiplier;
    int32_t shift;
    int32_t output_offset; /* the zero point */
    int32_t min;
    int32_t max;
} tk_requantize_params;

/* QUANTIZE between integers, and RELU: y = clamp(R(x + input_offset, multiplier, shift) + output_offset, min, max).
 *
 * R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Types: TK_S8, TK_S16 or TK_S32 of tk_type. min and max: within the type of y.
 * Aliasing: y may be x if both have elements of the same size. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_requantize_integers(const void *x, int32_t x_type, void *y, int32_t y_type, int32_t n,
                            const tk_requantize_params *params);

#ifdef __cplusplus
}
#endif

#endif
