/* SPDX-License-Identifier: Apache-2.0 */
/* A convolution row by row, with an output stage of its own. Internal. */
#ifndef TK_CONVOLVE_ROWS_H
#define TK_CONVOLVE_ROWS_H

#include "tk_bundled.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_convolve_rows(const int8_t *x, const int8_t *w, int8_t *y, const arm_nn_output_stage *stage,
                                    const cmsis_nn_conv_params *params, const cmsis_nn_dims *x_dims, const cmsis_nn_dims *w_dims,
                                    const cmsis_nn_dims *y_dims)
{
    const int32_t row = x_dims->w * x_dims->c;
    const int32_t line = w_dims->w * w_dims->c;

    for (int32_t n = 0; n < x_dims->n; n++) {
        for (int32_t i = 0; i < y_dims->h; i++) {
            const arm_nn_span span = arm_nn_clip(i * params->stride.h - params->padding.h, params->dilation.h, w_dims->h,
                                                 x_dims->h, 1);
            const arm_nn_rows rows = {x + span.input * row, span.count, span.input_step * row, 0, 0};

            arm_nn_convolve_row_s8(&rows, params, x_dims, w_dims, y_dims, w + span.tap * line, span.tap_step * line, 1, stage, y);
            y += y_dims->w * y_dims->c;
        }
        x += x_dims->h * row;
    }
}

#ifdef __cplusplus
}
#endif

#endif
