/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A keyword spotter from raw audio, as firmware has it: two compiled models side by side. Reads 16 kHz PCM (int16) from standard
 * input, makes features of 30 ms every 20 ms, and prints the scores of the latest second after every frame from then on.
 */
#include <stdio.h>
#include <string.h>

#include "frontend.h"
#include "spotter.h"

enum { WINDOW = FRONTEND_INPUT_0_SIZE, STEP = 320, CHANNELS = FRONTEND_OUTPUT_0_SIZE };
enum { FRAMES = SPOTTER_INPUT_0_SIZE / CHANNELS };

static frontend_instance frontend;
static spotter_instance spotter;
static int16_t audio[WINDOW];
static int8_t features[FRAMES][CHANNELS];

/* The next frame of features, behind the others; 0 at the end of the audio. */
static int next_frame(size_t fresh)
{
    memmove(audio, audio + fresh, (WINDOW - fresh) * sizeof audio[0]);
    if (fread(audio + WINDOW - fresh, sizeof audio[0], fresh, stdin) != fresh) {
        return 0;
    }
    memcpy(frontend_input_0(&frontend), audio, sizeof audio);
    if (frontend_invoke(&frontend) != FRONTEND_OK) {
        return 0;
    }
    memmove(features[0], features[1], sizeof features - sizeof features[0]);
    memcpy(features[FRAMES - 1], frontend_output_0(&frontend), CHANNELS);
    return 1;
}

int main(void)
{
    if (frontend_init(&frontend) != FRONTEND_OK || spotter_init(&spotter) != SPOTTER_OK) {
        return 1;
    }
    for (int frame = 1; next_frame(frame == 1 ? WINDOW : STEP); ++frame) {
        if (frame < FRAMES) {
            continue;
        }
        memcpy(spotter_input_0(&spotter), features, sizeof features);
        if (spotter_invoke(&spotter) != SPOTTER_OK) {
            return 1;
        }
        for (int i = 0; i < SPOTTER_OUTPUT_0_SIZE; ++i) {
            printf("%d%c", spotter_output_0(&spotter)[i], i + 1 < SPOTTER_OUTPUT_0_SIZE ? ' ' : '\n');
        }
    }
    return 0;
}
