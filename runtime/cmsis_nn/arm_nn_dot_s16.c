/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s16.h"

/* So many products of an int16 and an int8 fit into 32 bits, whatever they are. */
enum { TERMS = 511 };

/* Four filters side by side: an input is loaded once for four products. */
static void dot_4(const int16_t *x, int32_t length, const int8_t *filter, int32_t filter_step, int64_t *acc)
{
    int32_t sum0 = 0;
    int32_t sum1 = 0;
    int32_t sum2 = 0;
    int32_t sum3 = 0;
    const int8_t *w0 = filter;
    const int8_t *w1 = w0 + filter_step;
    const int8_t *w2 = w1 + filter_step;
    const int8_t *w3 = w2 + filter_step;
    for (const int16_t *end = x + length; x != end;) {
        const int32_t v = *x++;
        sum0 += v * *w0++;
        sum1 += v * *w1++;
        sum2 += v * *w2++;
        sum3 += v * *w3++;
    }
    acc[0] += sum0;
    acc[1] += sum1;
    acc[2] += sum2;
    acc[3] += sum3;
}

static int32_t dot_1(const int16_t *x, int32_t length, const int8_t *w)
{
    int32_t sum = 0;
    for (const int16_t *end = x + length; x != end;) {
        const int32_t v = *x++;
        sum += v * *w++;
    }
    return sum;
}

void arm_nn_dot_s16(const int16_t *input,
                    int32_t length,
                    const int8_t *filter,
                    int32_t filter_step,
                    int32_t channels,
                    int64_t *acc)
{
    for (int32_t k = 0; k < length; k += TERMS) {
        const int32_t terms = arm_nn_min(length - k, TERMS);
        int32_t weights = k;
        int32_t c = 0;
        for (; c + 4 <= channels; c += 4, weights += 4 * filter_step) {
            dot_4(input + k, terms, filter + weights, filter_step, acc + c);
        }
        for (; c < channels; c++, weights += filter_step) {
            acc[c] += dot_1(input + k, terms, filter + weights);
        }
    }
}
