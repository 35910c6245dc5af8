/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

/* Two pixels x and y times two filters v and w: four products for four loads. */
static void dot_2x2(
    const int8_t *x, const int8_t *y, const int8_t *v, const int8_t *w, int32_t length, int32_t *acc_x, int32_t *acc_y)
{
    int32_t xv = 0;
    int32_t xw = 0;
    int32_t yv = 0;
    int32_t yw = 0;
    for (const int8_t *end = x + length; x != end;) {
        const int32_t a = *x++;
        const int32_t b = *y++;
        int32_t weight = *v++;
        xv += a * weight;
        yv += b * weight;
        weight = *w++;
        xw += a * weight;
        yw += b * weight;
    }
    acc_x[0] = xv;
    acc_x[1] = xw;
    acc_y[0] = yv;
    acc_y[1] = yw;
}

/* bias + input_offset * sum(weights), so that the products can do without the offset. */
static void fold_offset(
    const int32_t *bias, int32_t input_offset, const int8_t *filter, int32_t depth, int32_t channels, int32_t *folded)
{
    for (int32_t c = 0; c < channels; c++) {
        int32_t sum = 0;
        for (const int8_t *end = filter + depth; filter != end;) {
            sum += *filter++;
        }
        folded[c] = arm_nn_wrapping_add(bias ? bias[c] : 0, arm_nn_wrapping_mul(input_offset, sum));
    }
}

/* A last pixel or channel without partner is paired with itself. */
static void block(const int8_t *input,
                  int32_t pixel_step,
                  int32_t pixels,
                  int32_t depth,
                  int32_t channels,
                  const int8_t *filter,
                  const arm_nn_output_stage *stage,
                  int32_t out_step,
                  int8_t *out)
{
    int32_t acc[2][ARM_NN_BLOCK];
    for (int32_t p = 0; p < pixels; p += 2) {
        const int32_t q = arm_nn_min(p + 1, pixels - 1);
        const int8_t *x = input + p * pixel_step;
        const int8_t *y = input + q * pixel_step;
        for (int32_t c = 0; c < channels; c += 2) {
            const int8_t *v = filter + c * depth;
            const int8_t *w = c + 1 < channels ? v + depth : v;
            dot_2x2(x, y, v, w, depth, &acc[0][c], &acc[1][c]);
        }
        arm_nn_output_s8(acc[0], channels, 0, stage, out + p * out_step);
        arm_nn_output_s8(acc[1], channels, 0, stage, out + q * out_step);
    }
}

void arm_nn_pointwise_row_s8(const int8_t *input,
                             int32_t pixel_step,
                             int32_t pixels,
                             int32_t depth,
                             int32_t channels,
                             int32_t input_offset,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int32_t out_step,
                             int8_t *out)
{
    int32_t folded[ARM_NN_BLOCK];
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        const int8_t *weights = filter + c * depth;
        arm_nn_output_stage part = *stage;
        part.bias = folded;
        part.multiplier += c * stage->step;
        part.shift += c * stage->step;
        fold_offset(stage->bias ? stage->bias + c : 0, input_offset, weights, depth, count, folded);
        block(input, pixel_step, pixels, depth, count, weights, &part, out_step, out + c);
    }
}
