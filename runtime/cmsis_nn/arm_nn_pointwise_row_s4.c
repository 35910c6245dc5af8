/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal_s4.h"

/* Two pixels x and y times two filters v and w of `pairs` bytes: eight products for six loads. */
static void dot_2x2(
    const int8_t *x, const int8_t *y, const int8_t *v, const int8_t *w, int32_t pairs, int32_t *acc_x, int32_t *acc_y)
{
    int32_t xv = 0;
    int32_t xw = 0;
    int32_t yv = 0;
    int32_t yw = 0;
    for (const int8_t *end = v + pairs; v != end;) {
        const int8_t v_pair = *v++;
        const int8_t w_pair = *w++;
        int32_t a = *x++;
        int32_t b = *y++;
        int32_t weight = arm_nn_low_s4(v_pair);
        xv += a * weight;
        yv += b * weight;
        weight = arm_nn_low_s4(w_pair);
        xw += a * weight;
        yw += b * weight;
        a = *x++;
        b = *y++;
        weight = arm_nn_high_s4(v_pair);
        xv += a * weight;
        yv += b * weight;
        weight = arm_nn_high_s4(w_pair);
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
    const int32_t *bias, int32_t input_offset, const int8_t *filter, int32_t pairs, int32_t channels, int32_t *folded)
{
    for (int32_t c = 0; c < channels; c++) {
        int32_t sum = 0;
        for (const int8_t *end = filter + pairs; filter != end; filter++) {
            sum += arm_nn_low_s4(*filter) + arm_nn_high_s4(*filter);
        }
        folded[c] = arm_nn_wrapping_add(bias ? bias[c] : 0, arm_nn_wrapping_mul(input_offset, sum));
    }
}

/* Up to ARM_NN_BLOCK channels of an even depth. A last pixel or channel without partner is paired with itself. */
static void block(const int8_t *input,
                  int32_t pixel_step,
                  int32_t pixels,
                  int32_t pairs,
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
            const int8_t *v = filter + c * pairs;
            const int8_t *w = c + 1 < channels ? v + pairs : v;
            dot_2x2(x, y, v, w, pairs, &acc[0][c], &acc[1][c]);
        }
        arm_nn_output_s8(acc[0], channels, 0, stage, out + p * out_step);
        arm_nn_output_s8(acc[1], channels, 0, stage, out + q * out_step);
    }
}

/* The same channels of an odd depth, pixel by pixel. */
static void odd_block(const int8_t *input,
                      int32_t pixel_step,
                      int32_t pixels,
                      int32_t depth,
                      int32_t first_channel,
                      int32_t channels,
                      int32_t input_offset,
                      const int8_t *filter,
                      const arm_nn_output_stage *stage,
                      int32_t out_step,
                      int8_t *out)
{
    for (int32_t p = 0; p < pixels; p++) {
        const arm_nn_pieces pixel = {input + p * pixel_step, 1, 0, depth, input_offset, 0};
        int32_t acc[ARM_NN_BLOCK] = {0};
        arm_nn_dot_s4(&pixel, filter, first_channel * depth, depth, channels, acc);
        arm_nn_output_s8(acc, channels, first_channel, stage, out + p * out_step);
    }
}

void arm_nn_pointwise_row_s4(const int8_t *input,
                             int32_t pixel_step,
                             int32_t pixels,
                             int32_t depth,
                             int32_t channels,
                             int32_t input_offset,
                             const int8_t *filter,
                             const arm_nn_output_stage *stage,
                             int8_t *out)
{
    int32_t folded[ARM_NN_BLOCK];
    for (int32_t c = 0; c < channels; c += ARM_NN_BLOCK) {
        const int32_t count = arm_nn_min(channels - c, ARM_NN_BLOCK);
        if (depth % 2 != 0) {
            odd_block(input, pixel_step, pixels, depth, c, count, input_offset, filter, stage, channels, out + c);
            continue;
        }
        const int8_t *weights = filter + c * (depth / 2);
        arm_nn_output_stage part = *stage;
        part.bias = folded;
        part.multiplier += c * stage->step;
        part.shift += c * stage->step;
        fold_offset(stage->bias ? stage->bias + c : 0, input_offset, weights, depth / 2, count, folded);
        block(input, pixel_step, pixels, depth / 2, count, weights, &part, channels, out + c);
    }
}
