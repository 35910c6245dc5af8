/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_mean_dsp_s8.h"

#include "tk_math.h"
#include "tk_window_sums_s8.h"

#define TK_MOST_PIXELS 256 /* whose sum fits into a halfword */

void tk_mean_dsp_s8(const int8_t *restrict x, int8_t *restrict y, uint32_t *restrict scratch, const tk_mean_image *image,
                    const tk_mean_s8_params *params)
{
    const tk_mean_s8_params p = *params;
    const int32_t channels = image->channels;
    int32_t *const acc = (int32_t *)(void *)(scratch + channels / 2);

    for (int32_t n = 0; n < image->images; ++n, y += channels) {
        for (int32_t c = 0; c < channels; ++c) {
            acc[c] = p.sum_offset;
        }
        for (int32_t left = image->pixels; left > 0;) {
            const int32_t count = left < TK_MOST_PIXELS ? left : TK_MOST_PIXELS;
            const tk_fours window = {1, count, channels, 0, channels / 4};

            tk_window_sums_s8(x, scratch, &window);
            for (int32_t c = 0; c < channels; c += 4) {
                acc[c] += tk_low(scratch[c / 2]);
                acc[c + 1] += tk_low(scratch[c / 2 + 1]);
                acc[c + 2] += tk_high(scratch[c / 2]);
                acc[c + 3] += tk_high(scratch[c / 2 + 1]);
            }
            x += count * channels;
            left -= count;
        }
        for (int32_t c = 0; c < channels; ++c) {
            y[c] = tk_limit_s8(tk_wrapping_add(tk_requantize(acc[c], p.multiplier, p.shift), p.output_offset), INT8_MIN, INT8_MAX);
        }
    }
}
