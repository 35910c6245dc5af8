/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_dense_folded_s8.h"

#include "tk_folded.h"

void tk_dense_folded_s8(const int8_t *restrict x, const int8_t *restrict w, const uint32_t *restrict codes, int8_t *restrict y,
                        const tk_dense_folded *params)
{
    const int32_t depth = params->depth;
    const int32_t outputs = params->outputs;

    for (int32_t b = 0; b < params->batch; ++b) {
        for (int32_t o = 0; o < outputs; o += 2) {
            const int32_t second = o + 1 < outputs ? depth : 0;
            const int8_t *row = w + o * depth;
            int32_t sum0 = 0;
            int32_t sum1 = 0;

            for (int32_t i = 0; i < depth; ++i) {
                sum0 += (int32_t)x[i] * row[i];
                sum1 += (int32_t)x[i] * row[second + i];
            }
            y[o] = (int8_t)tk_folded_code(sum0, codes + o * TK_FOLDED_WORDS, params->shift);
            if (second != 0) {
                y[o + 1] = (int8_t)tk_folded_code(sum1, codes + (o + 1) * TK_FOLDED_WORDS, params->shift);
            }
        }
        x += depth;
        y += outputs;
    }
}
