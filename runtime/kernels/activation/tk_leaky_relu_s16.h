/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LEAKY_RELU_S16_H
#define TK_LEAKY_RELU_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Offsets: minus the zero point of the input (-32767 .. 32768), that of the output. sign: that of alpha, 1 or -1.
 * Multipliers and shifts as for tk_requantize; what leaves 32 bits wraps, as in the reference. */
typedef struct {
    int32_t input_offset;
    int32_t multiplier;
    int32_t alpha_multiplier;
    int32_t sign;
    int32_t output_offset;
    int8_t shift;
    int8_t alpha_shift;
} tk_leaky_relu_s16_params;

/* LEAKY_RELU, int16:
 *
 *     v = x + input_offset
 *     y = clamp((v >= 0 ? R(v, multiplier, shift) : sign * R(v, alpha_multiplier, alpha_shift)) + output_offset,
 *               -32768, 32767)
 *
 * with R(v, m, s) = v * m * 2^(s - 31), rounded once after the multiplication and once after the shift (tk_requantize).
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_leaky_relu_s16(const int16_t *x, int16_t *y, int32_t n, const tk_leaky_relu_s16_params *params);

#ifdef __cplusplus
}
#endif

#endif
