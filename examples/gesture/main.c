/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which gesture does the hand make? Samples of three axes go through a window; a small convolutional network looks at it four times a
 * second, and a gesture counts when it is sure twice in a row.
 */
#include <stdio.h>
#include <string.h>

#include "gesture.h"
#include "recording.h"

enum { AXES = 3, WINDOW = GESTURE_INPUT_0_SIZE / AXES, LOOK_EVERY = 12, RATE = 50 };
enum { GESTURES = GESTURE_OUTPUT_0_SIZE, NONE = -1 };
#define SURE 0.8f

static const char *const names[GESTURES] = {"rest", "circle", "wave", "knock"};

static gesture_instance net;
static int16_t window[WINDOW][AXES];

/* What the network is sure of, or NONE; GESTURES on an error. */
static int look(void)
{
    for (int axis = 0; axis < AXES; ++axis) {
        int32_t sum = 0;
        for (int i = 0; i < WINDOW; ++i) {
            sum += window[i][axis];
        }
        const float mean = (float)sum / (float)WINDOW; /* gravity, and how the sensor lies */
        for (int i = 0; i < WINDOW; ++i) {
            const float g = ((float)window[i][axis] - mean) / (float)COUNTS_PER_G;
            gesture_input_0(&net)[AXES * i + axis] = gesture_input_0_quantize(g);
        }
    }
    if (gesture_invoke(&net) != GESTURE_OK) {
        return GESTURES;
    }
    for (int i = 0; i < GESTURES; ++i) {
        if (gesture_output_0_dequantize(gesture_output_0(&net)[i]) >= SURE) {
            return i;
        }
    }
    return NONE;
}

int main(void)
{
    int before = NONE, current = NONE, right = 0, looks = 0;
    if (gesture_init(&net) != GESTURE_OK) {
        return 1;
    }
    for (int32_t sample = 0; sample < SAMPLES; ++sample) {
        memmove(window[0], window[1], sizeof window - sizeof window[0]); /* a sensor's interrupt would do this */
        memcpy(window[WINDOW - 1], recording[sample], sizeof window[0]);
        if (sample + 1 < WINDOW || (sample + 1) % LOOK_EVERY != 0) {
            continue;
        }
        const int found = look();
        if (found == GESTURES) {
            return 1;
        }
        if (found != NONE && found == before && found != current) {
            const int32_t hundredths = (sample + 1) * (100 / RATE);
            current = found;
            printf("%d.%02d s: %s\n", (int)(hundredths / 100), (int)(hundredths % 100), names[current]);
        }
        before = found;
        const int32_t length = SAMPLES / PLAYED, part = sample / length;
        if ((sample + 1 - WINDOW) / length == part) { /* the window holds one movement */
            ++looks;
            right += found == played[part];
        }
    }
    printf("right: %d of %d looks at one movement\n", right, looks);
    return 0;
}
