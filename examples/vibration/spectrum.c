/* SPDX-License-Identifier: Apache-2.0 */
#include "spectrum.h"

#include <math.h>

#define TURN 6.28318530717958647692f
#define FLOOR 1.0f /* energy below which a band counts for nothing */

enum { BITS = 8 }; /* of SPECTRUM_SAMPLES */

void spectrum_init(spectrum_state *state)
{
    for (int i = 0; i < SPECTRUM_SAMPLES; ++i) {
        state->window[i] = 0.5f - 0.5f * cosf(TURN * (float)i / (float)SPECTRUM_SAMPLES); /* Hann's */
    }
    for (int i = 0; i < SPECTRUM_SAMPLES / 2; ++i) {
        state->cosine[i] = cosf(TURN * (float)i / (float)SPECTRUM_SAMPLES);
        state->sine[i] = -sinf(TURN * (float)i / (float)SPECTRUM_SAMPLES);
    }
}

static int reversed(int index)
{
    int found = 0;
    for (int bit = 0; bit < BITS; ++bit) {
        found = found << 1 | ((index >> bit) & 1);
    }
    return found;
}

/* A fast Fourier transform of radix 2, in place, of values that lie in reversed order. */
static void transform(spectrum_state *s)
{
    for (int half = 1; half < SPECTRUM_SAMPLES; half *= 2) {
        const int stride = SPECTRUM_SAMPLES / (2 * half);
        for (int start = 0; start < SPECTRUM_SAMPLES; start += 2 * half) {
            for (int k = 0; k < half; ++k) {
                const int one = start + k, two = one + half;
                const float c = s->cosine[k * stride], w = s->sine[k * stride];
                const float real = c * s->real[two] - w * s->imaginary[two];
                const float imaginary = c * s->imaginary[two] + w * s->real[two];
                s->real[two] = s->real[one] - real;
                s->imaginary[two] = s->imaginary[one] - imaginary;
                s->real[one] += real;
                s->imaginary[one] += imaginary;
            }
        }
    }
}

void spectrum_compute(spectrum_state *state, const int16_t *samples, float counts, float *bands)
{
    int32_t sum = 0;
    for (int i = 0; i < SPECTRUM_SAMPLES; ++i) {
        sum += samples[i];
    }
    const float mean = (float)sum / (float)SPECTRUM_SAMPLES;
    for (int i = 0; i < SPECTRUM_SAMPLES; ++i) {
        const int to = reversed(i);
        state->real[to] = ((float)samples[i] - mean) / counts * state->window[i];
        state->imaginary[to] = 0.0f;
    }
    transform(state);
    enum { WIDTH = SPECTRUM_SAMPLES / 2 / SPECTRUM_BANDS };
    for (int band = 0; band < SPECTRUM_BANDS; ++band) {
        float energy = FLOOR;
        for (int i = band * WIDTH; i < (band + 1) * WIDTH; ++i) {
            energy += state->real[i] * state->real[i] + state->imaginary[i] * state->imaginary[i];
        }
        bands[band] = log10f(energy);
    }
}
