/* SPDX-License-Identifier: Apache-2.0 */
/* Some channels of a 1x1 convolution with packed constants, whose weights lie in flash or were decoded. Internal. */
#ifndef TK_POINTWISE_BLOCK_H
#define TK_POINTWISE_BLOCK_H

#include "tk_bundled.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All rows of all images; what lies in a row with stride 1 is one row, as there is nothing between. */
static inline void tk_pointwise_rows(const int8_t *x, const int8_t *w, int8_t *y, const arm_nn_output_stage *stage,
                                     int32_t channels, const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims,
                                     const cmsis_nn_dims *y_dims)
{
    const int whole = params->stride.w == 1 && params->stride.h == 1;
    const int32_t lines = whole ? 1 : y_dims->h;
    const int32_t images = whole ? 1 : y_dims->n;
    const int32_t pixels = whole ? y_dims->n * y_dims->h * y_dims->w : y_dims->w;
    const int32_t row = x_dims->w * x_dims->c;

    for (int32_t n = 0; n < images; n++) {
        for (int32_t i = 0; i < lines; i++) {
            arm_nn_pointwise_row_s8(x + (n * x_dims->h + i * params->stride.h) * row, params->stride.w * x_dims->c, pixels,
                                    x_dims->c, channels, params->input_offset, w, stage, y_dims->c,
                                    y + (n * lines + i) * pixels * y_dims->c);
        }
    }
}

/* Output channels first .. first + count - 1, count <= ARM_NN_BLOCK; w: theirs. */
static inline void tk_pointwise_block(const int8_t *x, const int8_t *w, int8_t *y, const tk_requant *requant, int32_t first,
                                      int32_t count, const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims,
                                      const cmsis_nn_dims *y_dims)
{
    int32_t bias[ARM_NN_BLOCK];
    int32_t multiplier[ARM_NN_BLOCK];
    int32_t shift[ARM_NN_BLOCK];
    const cmsis_nn_per_channel_quant_params constants = {multiplier, shift};

    for (int32_t i = 0; i < count; i++) {
        bias[i] = tk_requant_bias(requant, first + i);
        multiplier[i] = tk_requant_multiplier(requant, first + i);
        shift[i] = tk_requant_shift(requant, first + i);
    }

    const arm_nn_output_stage stage = arm_nn_per_channel_stage(bias, &constants, params->output_offset, &params->activation);

    tk_pointwise_rows(x, w, y + first, &stage, count, params, x_dims, y_dims);
}

#ifdef __cplusplus
}
#endif

#endif
