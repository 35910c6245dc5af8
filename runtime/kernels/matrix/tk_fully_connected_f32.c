/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_fully_connected_f32.h"

#include <stddef.h>

#include "tk_dot_f32.h"
#include "tk_math.h"

void tk_fully_connected_f32(const float *restrict x, const float *restrict w, const float *restrict bias,
                            float *restrict y, int32_t batch, int32_t in, int32_t out, tk_range_f32 range)
{
    for (int32_t b = 0; b < batch; ++b) {
        int32_t lanes;

        for (int32_t o = 0; o < out; o += lanes) {
            const float *filter = w + o * in;
            float sum[4] = {0.0f, 0.0f, 0.0f, 0.0f};

            lanes = out - o >= 4 ? 4 : 1;
            if (lanes == 4) {
                tk_dot4_f32(sum, x, filter, in, in);
            } else {
                sum[0] = tk_dot1_f32(sum[0], x, filter, in);
            }
            for (int32_t lane = 0; lane < lanes; ++lane) {
                y[o + lane] = tk_limit_f32(sum[lane] + (bias != NULL ? bias[o + lane] : 0.0f), range);
            }
        }
        x += in;
        y += out;
    }
}
