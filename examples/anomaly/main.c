/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scores every row of the test set by how badly the autoencoder reproduces it.
 * The same source serves anomaly_int8.tflite and anomaly_float32.tflite.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "anomaly.h"
#include "testset.h"

#define ROWS_SHOWN 8

typedef char input_has_the_size_of_a_row[ANOMALY_INPUT_0_SIZE == TEST_FEATURES ? 1 : -1];
typedef char output_has_the_size_of_a_row[ANOMALY_OUTPUT_0_SIZE == TEST_FEATURES ? 1 : -1];

#ifdef ANOMALY_INPUT_0_SCALE
typedef int8_t element;

static element to_input(float value) { return anomaly_input_0_quantize(value); }

static float to_float(element value) { return anomaly_output_0_dequantize(value); }
#else
typedef float element;

static element to_input(float value) { return value; }

static float to_float(element value) { return value; }
#endif

static anomaly_instance net;
static float scores[TEST_COUNT];

static float standardised(const float *row, size_t i) { return (row[i] - test_offset[i]) * test_gain[i]; }

static void set_input(const float *row)
{
    element *input = anomaly_input_0(&net);
    for (size_t i = 0; i < TEST_FEATURES; i++) {
        input[i] = to_input(standardised(row, i));
    }
}

/* Mean squared error of the output, against the row before quantization. */
static float reconstruction_error(const float *row)
{
    const element *output = anomaly_output_0(&net);
    float sum = 0.0f;
    for (size_t i = 0; i < TEST_FEATURES; i++) {
        const float difference = standardised(row, i) - to_float(output[i]);
        const float square = difference * difference; /* a statement of its own: no fused multiply-add */
        sum += square;
    }
    return sum / (float)TEST_FEATURES;
}

/* Chance that an anomaly scores above a normal row, in 1/10000; ties count half. */
static unsigned area_under_curve(void)
{
    unsigned long halves = 0;
    unsigned long pairs = 0;
    for (size_t a = 0; a < TEST_COUNT; a++) {
        for (size_t n = 0; n < TEST_COUNT; n++) {
            if (test_labels[a] == 1 && test_labels[n] == 0) {
                pairs++;
                halves += (unsigned long)(scores[a] > scores[n]) + (unsigned long)(scores[a] >= scores[n]);
            }
        }
    }
    return (unsigned)((halves * 10000u + pairs) / (2u * pairs));
}

int main(void)
{
    unsigned correct = 0;

    if (anomaly_init(&net) != ANOMALY_OK) {
        return 1;
    }
    for (size_t row = 0; row < TEST_COUNT; row++) {
        set_input(test_rows[row]);
        if (anomaly_invoke(&net) != ANOMALY_OK) {
            return 1;
        }
        scores[row] = reconstruction_error(test_rows[row]);
        const bool anomaly = scores[row] > TEST_THRESHOLD;
        if (anomaly == (test_labels[row] == 1)) {
            correct++;
        }
        if (row < ROWS_SHOWN) {
            const unsigned thousandths = (unsigned)(1000.0f * scores[row] + 0.5f);
            printf("row %u: expected %u, predicted %u (error %u.%03u)\n", (unsigned)row, (unsigned)test_labels[row],
                   (unsigned)anomaly, thousandths / 1000, thousandths % 1000);
        }
    }
    const unsigned hundredths = (correct * 10000u + TEST_COUNT / 2u) / TEST_COUNT;
    const unsigned auc = area_under_curve();
    printf("AUC: %u.%04u\n", auc / 10000, auc % 10000);
    printf("correct: %u of %u (%u.%02u %%)\n", correct, (unsigned)TEST_COUNT, hundredths / 100, hundredths % 100);
    return 0;
}
