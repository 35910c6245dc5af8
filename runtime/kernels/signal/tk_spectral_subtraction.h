/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SPECTRAL_SUBTRACTION_H
#define TK_SPECTRAL_SUBTRACTION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* 0 <= smoothing_bits <= 31, 0 <= subtraction_bits <= 63. */
typedef struct {
    int32_t channels;
    uint32_t smoothing;
    uint32_t one_minus_smoothing;
    uint32_t alternate_smoothing;
    uint32_t alternate_one_minus_smoothing;
    uint32_t min_signal_remaining;
    int32_t smoothing_bits;
    int32_t subtraction_bits;
    int32_t clamping;
} tk_spectral_subtraction_params;

/* SignalFilterBankSpectralSubtraction: with s = x[i] * 2^smoothing_bits,
 *     noise[i] = (s * smoothing + noise[i] * one_minus_smoothing) >> subtraction_bits
 *     y[i] = max((s - min(noise[i], s)) >> smoothing_bits, (x[i] * min_signal_remaining) >> subtraction_bits)
 * and at last, if it is clamped, noise[i] = min(noise[i], s), and noise_out[i] = noise[i]. For odd i, the alternate
 * factors count. Products have 64 bits, all else has 32 and wraps around.
 * Layout: all [channels]; noise is read and written. Aliasing: y may be x. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_spectral_subtraction(const uint32_t *x, uint32_t *noise, uint32_t *y, uint32_t *noise_out,
                             const tk_spectral_subtraction_params *params);

#ifdef __cplusplus
}
#endif

#endif
