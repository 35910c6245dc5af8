/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_conv_dsp_s16.h"

#include "tk_products1_s16.h"
#include "tk_products2_s16.h"

void tk_conv_dsp_s16(const int16_t *restrict x, int16_t *restrict y, const tk_windows_s16 *layer, int16_t *restrict patches)
{
    const tk_conv_shape *const s = &layer->shape;
    const int32_t pixels = s->batch * s->out_h * s->out_w;
    int32_t i = 0;

    for (; layer->at_once == 2 && i + 1 < pixels; i += 2, y += 2 * s->out_c) {
        const int16_t *const first = tk_window_s16(x, layer, i, patches, 0);

        tk_products2_s16(first, tk_window_s16(x, layer, i + 1, patches, 1), y, &layer->products);
    }
    for (; i < pixels; ++i, y += s->out_c) {
        tk_products1_s16(tk_window_s16(x, layer, i, patches, 0), y, &layer->products);
    }
}
