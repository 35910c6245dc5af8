/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the digits of the test set and counts the right answers.
 * The same source serves digits_int8.tflite and digits_float32.tflite.
 */
#include <stddef.h>
#include <stdio.h>

#include "digits.h"
#include "testset.h"

#define ROWS_SHOWN 8

typedef char input_has_the_size_of_a_row[DIGITS_INPUT_0_SIZE == TEST_FEATURES ? 1 : -1];

#ifdef DIGITS_INPUT_0_SCALE
typedef int8_t element;

static element to_input(float value) { return digits_input_0_quantize(value); }

static float to_probability(element value) { return digits_output_0_dequantize(value); }
#else
typedef float element;

static element to_input(float value) { return value; }

static float to_probability(element value) { return value; }
#endif

static digits_instance net;

static void set_input(const uint8_t *pixels)
{
    element *input = digits_input_0(&net);
    for (size_t i = 0; i < TEST_FEATURES; i++) {
        input[i] = to_input(((float)pixels[i] - test_offset) * test_gain);
    }
}

static size_t largest(const element *values, size_t count)
{
    size_t best = 0;
    for (size_t i = 1; i < count; i++) {
        if (values[i] > values[best]) {
            best = i;
        }
    }
    return best;
}

int main(void)
{
    unsigned correct = 0;

    if (digits_init(&net) != DIGITS_OK) {
        return 1;
    }
    for (size_t row = 0; row < TEST_COUNT; row++) {
        set_input(test_rows[row]);
        if (digits_invoke(&net) != DIGITS_OK) {
            return 1;
        }
        const element *output = digits_output_0(&net);
        const size_t digit = largest(output, DIGITS_OUTPUT_0_SIZE);
        if (digit == test_labels[row]) {
            correct++;
        }
        if (row < ROWS_SHOWN) {
            printf("row %u: expected %u, predicted %u (%u %%)\n", (unsigned)row, (unsigned)test_labels[row],
                   (unsigned)digit, (unsigned)(100.0f * to_probability(output[digit]) + 0.5f));
        }
    }
    const unsigned hundredths = (correct * 10000u + TEST_COUNT / 2u) / TEST_COUNT;
    printf("correct: %u of %u (%u.%02u %%)\n", correct, (unsigned)TEST_COUNT, hundredths / 100, hundredths % 100);
    return 0;
}
