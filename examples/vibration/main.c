/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is the machine well? Windows of acceleration become spectra. A network that has seen a healthy machine only repeats what it is
 * shown, as far as it knows it; where it fails to, beyond a threshold, something is new.
 */
#include <stdbool.h>
#include <stdio.h>

#include "spectrum.h"
#include "vibration.h"
#include "recording.h"

enum { KINDS = 4 };

static const char *const kinds[KINDS] = {"healthy", "unbalanced", "bearing", "loose"};

static spectrum_state spectrum;
static vibration_instance net;

/* How badly the network repeats the spectrum: the mean squared difference, negative on an error. */
static float strangeness(const int16_t *samples)
{
    float bands[SPECTRUM_BANDS];
    spectrum_compute(&spectrum, samples, (float)COUNTS_PER_G, bands);
    for (int i = 0; i < SPECTRUM_BANDS; ++i) {
        vibration_input_0(&net)[i] = vibration_input_0_quantize(bands[i]);
    }
    if (vibration_invoke(&net) != VIBRATION_OK) {
        return -1.0f;
    }
    float sum = 0.0f;
    for (int i = 0; i < SPECTRUM_BANDS; ++i) {
        const float difference = bands[i] - vibration_output_0_dequantize(vibration_output_0(&net)[i]);
        sum += difference * difference;
    }
    return sum / (float)SPECTRUM_BANDS;
}

int main(void)
{
    int alarms[KINDS] = {0}, seen[KINDS] = {0};
    spectrum_init(&spectrum);
    if (vibration_init(&net) != VIBRATION_OK) {
        return 1;
    }
    for (int i = 0; i < WINDOWS; ++i) {
        const float found = strangeness(windows[i]);
        if (found < 0.0f) {
            return 1;
        }
        const bool alarm = found > THRESHOLD;
        ++seen[window_kinds[i]];
        alarms[window_kinds[i]] += alarm;
        if (i < 8) {
            printf("window %d, %s: %s\n", i, kinds[window_kinds[i]], alarm ? "ALARM" : "well");
        }
    }
    for (int kind = 0; kind < KINDS; ++kind) {
        printf("%s: %d alarms in %d windows\n", kinds[kind], alarms[kind], seen[kind]);
    }
    return 0;
}
