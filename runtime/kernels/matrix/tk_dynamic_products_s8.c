/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dynamic_products_s8.h"

#include <stddef.h>

#include "tk_dot_s8.h"
#include "tk_quantize_dynamic_f32_s8.h"

void tk_dynamic_products_s8(const float *restrict x, const tk_dynamic_weights *weights, int32_t n, int32_t rows,
                            float *restrict y, int32_t step, int8_t *restrict quantized)
{
    const int8_t *w = weights->data;
    int32_t part = 0;
    tk_dynamic_s8 q;

    tk_quantize_dynamic_f32_s8(x, quantized, &q, n, weights->row_sums != NULL);
    for (int32_t row = 0; row < rows;) {
        const int32_t lanes = rows - row >= 4 ? 4 : 1;
        int32_t sum[4] = {0, 0, 0, 0};

        if (lanes == 4) {
            tk_dot4_s8(sum, quantized, w, n, n);
        } else {
            sum[0] = tk_dot1_s8(quantized, w, n);
        }
        for (int32_t lane = 0; lane < lanes; ++lane, ++row) {
            const int32_t offset = weights->row_sums != NULL ? q.zero_point * weights->row_sums[row] : 0;

            y[row * step] += (float)(sum[lane] - offset) * (weights->scales[part] * q.scale);
            part = part + 1 < weights->cycle ? part + 1 : 0;
        }
        w += lanes * n;
    }
}
