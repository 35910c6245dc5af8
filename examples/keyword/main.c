/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A keyword spotter from raw audio: a microphone's samples become features, features become scores, scores become words.
 *
 * Every 20 ms the front end makes 40 features of the last 30 ms. The spotter sees 49 such frames, about a second. A word counts when
 * its score, averaged over three looks, is high; then nothing counts for a second, since the word stays in view.
 */
#include <stdio.h>
#include <string.h>

#include "clip.h"
#include "frontend.h"
#include "spotter.h"

enum { WINDOW = FRONTEND_INPUT_0_SIZE, STEP = 320, RATE = 16000 }; /* samples */
enum { CHANNELS = FRONTEND_OUTPUT_0_SIZE, FRAMES = SPOTTER_INPUT_0_SIZE / CHANNELS };
enum { LOOK_EVERY = 4, AVERAGED = 3, REFRACTORY = RATE / STEP }; /* frames, looks, frames */
enum { WORDS = SPOTTER_OUTPUT_0_SIZE, FIRST_KEYWORD = 2 };
enum { ENOUGH = 180 }; /* of 255 */

static const char *const words[WORDS] = {"silence", "unknown", "yes", "no"};

static frontend_instance frontend;
static spotter_instance spotter;
static int16_t audio[WINDOW];
static int8_t features[FRAMES][CHANNELS];
static int32_t scores[AVERAGED][WORDS];

/* The microphone: the next `count` samples, 0 at the end. Yours waits for DMA here. The ADC has 12 bits, the front end wants 16. */
static int listen(int16_t *to, int32_t count)
{
    static int32_t at = 0;
    if (count > CLIP_SAMPLES - at) {
        return 0;
    }
    for (int32_t i = 0; i < count; ++i) {
        to[i] = (int16_t)(16 * clip[at + i]);
    }
    at += count;
    return 1;
}

/* One more frame of features, behind the others; 0 at the end of the audio or on an error. */
static int next_frame(int32_t fresh)
{
    memmove(audio, audio + fresh, (size_t)(WINDOW - fresh) * sizeof audio[0]);
    if (!listen(audio + WINDOW - fresh, fresh)) {
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

/* The word with the highest score of the last looks on average, and that score, 0 to 255. */
static int best_word(int32_t *score)
{
    int best = 0;
    *score = -1;
    for (int word = 0; word < WORDS; ++word) {
        int32_t sum = 0;
        for (int look = 0; look < AVERAGED; ++look) {
            sum += scores[look][word];
        }
        if (sum / AVERAGED > *score) {
            *score = sum / AVERAGED;
            best = word;
        }
    }
    return best;
}

/* Runs the spotter; 0 on an error. */
static int look(int number)
{
    memcpy(spotter_input_0(&spotter), features, sizeof features);
    if (spotter_invoke(&spotter) != SPOTTER_OK) {
        return 0;
    }
    for (int word = 0; word < WORDS; ++word) {
        scores[number % AVERAGED][word] = (int32_t)spotter_output_0(&spotter)[word] - SPOTTER_OUTPUT_0_ZERO_POINT;
    }
    return 1;
}

int main(void)
{
    if (frontend_init(&frontend) != FRONTEND_OK || spotter_init(&spotter) != SPOTTER_OK) {
        return 1;
    }
    int looks = 0;
    int32_t deaf_until = 0;
    for (int32_t frame = 1; next_frame(frame == 1 ? WINDOW : STEP); ++frame) {
        if (frame < FRAMES || frame % LOOK_EVERY != 0) {
            continue;
        }
        if (!look(looks++)) {
            return 1;
        }
        int32_t score;
        const int word = best_word(&score);
        if (looks >= AVERAGED && frame >= deaf_until && word >= FIRST_KEYWORD && score >= ENOUGH) {
            const int32_t milliseconds = frame * (1000 * STEP / RATE);
            printf("%d.%02d s: %s (%d of 255)\n", (int)(milliseconds / 1000), (int)(milliseconds % 1000 / 10), words[word],
                   (int)score);
            deaf_until = frame + REFRACTORY;
        }
    }
    printf("heard all of it\n");
    return 0;
}
