/* SPDX-License-Identifier: Apache-2.0 */
#include "arm_nn_internal.h"

arm_nn_span arm_nn_clip(int32_t base, int32_t dilation, int32_t taps, int32_t size, int32_t upscale)
{
    arm_nn_span span = {0, taps, base, 1, dilation};
    if (base < 0) {
        span.tap = (dilation - 1 - base) / dilation;
        span.input += span.tap * dilation;
    }
    if (base + (taps - 1) * dilation >= size) {
        span.count = size > base ? (size - base + dilation - 1) / dilation : 0;
    }
    span.count -= span.tap;
    if (upscale == 2) {
        if (span.input % 2 != 0) {
            span.tap += 1;
            span.input += dilation;
            span.count = dilation % 2 != 0 ? span.count - 1 : 0;
        }
        span.tap_step = 1 + dilation % 2;
        span.input_step = dilation * span.tap_step / 2;
        span.count = (span.count + span.tap_step - 1) / span.tap_step;
        span.input /= 2;
    }
    if (span.count <= 0) {
        span.tap = 0;
        span.count = 0;
        span.input = 0;
    }
    return span;
}
