/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A camera that delivers one line at a time, and never holds a frame: every line goes straight into the network's line buffer.
 * For digits_int8.tflite compiled with --stream-input (and --optimize ram, if it is to be small).
 */
#include <stddef.h>
#include <stdio.h>

#include "digits.h"
#include "testset.h"

#define BLURRED 10 /* every so many frames the camera moves, and the frame is given up half way */

typedef char rows_make_an_image[DIGITS_ROWS * DIGITS_ROW_SIZE == TEST_FEATURES ? 1 : -1];

static digits_instance net;

/* What the camera's interrupt, or DMA, does: line `line` of a frame, into `to`. */
static void deliver(size_t frame, int line, int8_t *to)
{
    for (int i = 0; i < DIGITS_ROW_SIZE; i++) {
        const float pixel = (float)test_rows[frame][line * DIGITS_ROW_SIZE + i];
        to[i] = digits_input_0_quantize((pixel - test_offset) * test_gain);
    }
}

/* The status after `lines` lines of a frame. */
static digits_status watch(size_t frame, int lines)
{
    digits_status status = DIGITS_WANTS_ROWS;

    for (int line = 0; line < lines && status == DIGITS_WANTS_ROWS; line++) {
        deliver(frame, line, digits_next_row(&net));
        status = digits_row_done(&net); /* runs what this line makes possible */
    }
    return status;
}

static size_t largest(const int8_t *values, size_t count)
{
    size_t best = 0;

    for (size_t i = 1; i < count; i++) {
        best = values[i] > values[best] ? i : best;
    }
    return best;
}

int main(void)
{
    unsigned correct = 0;

    if (digits_init(&net) != DIGITS_OK) {
        return 1;
    }
    for (size_t frame = 0; frame < TEST_COUNT; frame++) {
        if (frame % BLURRED == 0 && (watch(frame, DIGITS_ROWS / 2) != DIGITS_WANTS_ROWS || digits_reset(&net) != DIGITS_OK)) {
            return 1;
        }
        if (watch(frame, DIGITS_ROWS) != DIGITS_OK) {
            return 1;
        }
        correct += largest(digits_output_0(&net), DIGITS_OUTPUT_0_SIZE) == test_labels[frame];
    }
    printf("correct: %u of %u, with %d bytes of memory\n", correct, (unsigned)TEST_COUNT, (int)sizeof net);
    return 0;
}
