/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SPECTRUM_H
#define SPECTRUM_H

#include <stdint.h>

enum { SPECTRUM_SAMPLES = 256, SPECTRUM_BANDS = 32 };

/* What a transform needs, 4 KB: made once by spectrum_init, then its own. */
typedef struct {
    float window[SPECTRUM_SAMPLES];
    float cosine[SPECTRUM_SAMPLES / 2], sine[SPECTRUM_SAMPLES / 2];
    float real[SPECTRUM_SAMPLES], imaginary[SPECTRUM_SAMPLES];
} spectrum_state;

void spectrum_init(spectrum_state *state);

/* Logarithms of the energies of 32 bands of equal width, from 0 to half the sample rate. The mean of the samples does not matter;
 * `counts` of the sensor are one unit. */
void spectrum_compute(spectrum_state *state, const int16_t *samples, float counts, float *bands);

#endif
