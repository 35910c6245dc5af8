/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_dsp_any_s16.h"

#include "tk_conv_rescale_s16.h"
#include "tk_math.h"
#include "tk_sums1_s16.h"
#include "tk_sums2_s16.h"

/* The sums of one or two windows, the second NULL if there is none. */
static void add_up(const int16_t *first, const int16_t *second, const tk_conv_any_s16 *layer, int64_t *restrict totals,
                   int32_t *restrict sums)
{
    tk_products_s16 products = layer->windows.products;
    const int32_t count = (second != NULL ? 4 : 2) * products.pairs;

    for (int32_t k = 0; k < layer->windows.depth; k += layer->block) {
        const int32_t left = layer->windows.depth - k;

        products.fours = (left < layer->block ? left : layer->block) / 4;
        if (second != NULL) {
            tk_sums2_s16(first + k, second + k, sums, &products);
        } else {
            tk_sums1_s16(first + k, sums, &products);
        }
        for (int32_t i = 0; i < count; ++i) {
            totals[i] = (k > 0 ? totals[i] : 0) + sums[i];
        }
        products.weights += products.pairs * (2 + 2 * products.fours);
    }
}

void tk_conv_dsp_any_s16(const int16_t *restrict x, const void *restrict bias, const int32_t *restrict multiplier,
                         const int8_t *restrict shift, int16_t *restrict y, const tk_conv_any_s16 *layer,
                         int16_t *restrict patches, int64_t *restrict totals, int32_t *restrict sums)
{
    const tk_windows_s16 *const windows = &layer->windows;
    const int32_t channels = windows->shape.out_c;
    const int32_t pixels = windows->shape.batch * windows->shape.out_h * windows->shape.out_w;

    for (int32_t i = 0; i < pixels; i += 2) {
        const int32_t count = i + 1 < pixels ? 2 : 1;
        const int16_t *const first = tk_window_s16(x, windows, i, patches, 0);
        const int16_t *const second = count == 2 ? tk_window_s16(x, windows, i + 1, patches, 1) : NULL;

        add_up(first, second, layer, totals, sums);
        for (int32_t c = 0; c < channels; ++c) {
            for (int32_t p = 0; p < count; ++p) {
                const int64_t sum = totals[count * c + p];
                const int32_t result = tk_conv_rescale_s16(sum, bias, c, multiplier[c], shift[c], layer->narrow != 0);

                y[p * channels + c] = tk_limit_s16(result, layer->min, layer->max);
            }
        }
        y += count * channels;
    }
}
