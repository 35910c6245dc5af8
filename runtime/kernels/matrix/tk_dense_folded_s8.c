/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_folded_s8.h"

#include "tk_folded.h"

/* Four outputs side by side: an input is loaded once for four products. Where fewer are left, the last ones are the first again. */
void tk_dense_folded_s8(const int8_t *restrict x, const int8_t *restrict w, const uint32_t *restrict codes, int8_t *restrict y,
                        const tk_dense_folded *params)
{
    const int32_t depth = params->depth;
    const int32_t outputs = params->outputs;

    for (int32_t b = 0; b < params->batch; ++b) {
        const int8_t *w0 = w;
        const uint32_t *code = codes;

        for (int32_t o = 0; o < outputs; o += 4) {
            const int32_t left = outputs - o;
            const int8_t *w1 = left > 1 ? w0 + depth : w0;
            const int8_t *w2 = left > 2 ? w1 + depth : w0;
            const int8_t *w3 = left > 3 ? w2 + depth : w0;
            int32_t sums[4] = {0, 0, 0, 0};
            int32_t sum0 = 0;
            int32_t sum1 = 0;
            int32_t sum2 = 0;
            int32_t sum3 = 0;

            for (int32_t i = 0; i < depth; ++i) {
                const int32_t v = x[i];

                sum0 += v * w0[i];
                sum1 += v * w1[i];
                sum2 += v * w2[i];
                sum3 += v * w3[i];
            }
            sums[0] = sum0;
            sums[1] = sum1;
            sums[2] = sum2;
            sums[3] = sum3;
            for (int32_t k = 0; k < 4 && k < left; ++k) {
                const int32_t start = params->starts != 0 ? params->starts[o + k] : 0;

                y[o + k] = (int8_t)tk_folded_code(start + sums[k], code, params->shift);
                code += params->step;
            }
            w0 = left > 4 ? w3 + depth : w0;
        }
        x += depth;
        y += outputs;
    }
}
