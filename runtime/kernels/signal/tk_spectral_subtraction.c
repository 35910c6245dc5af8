/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_spectral_subtraction.h"

void tk_spectral_subtraction(const uint32_t *x, uint32_t *noise, uint32_t *y, uint32_t *noise_out,
                             const tk_spectral_subtraction_params *params)
{
    for (int32_t i = 0; i < params->channels; ++i) {
        const int odd = i % 2 != 0;
        const uint64_t smoothing = odd ? params->alternate_smoothing : params->smoothing;
        const uint64_t rest = odd ? params->alternate_one_minus_smoothing : params->one_minus_smoothing;
        const uint32_t signal = x[i] << params->smoothing_bits;
        const uint32_t mean = (uint32_t)((signal * smoothing + noise[i] * rest) >> params->subtraction_bits);
        const uint32_t estimate = mean < signal ? mean : signal;
        const uint32_t floor = (uint32_t)((uint64_t)x[i] * params->min_signal_remaining >> params->subtraction_bits);
        const uint32_t clean = (signal - estimate) >> params->smoothing_bits;

        noise[i] = params->clamping ? estimate : mean;
        noise_out[i] = noise[i];
        y[i] = clean > floor ? clean : floor;
    }
}
