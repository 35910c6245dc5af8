/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise_taps_s8.h"

#if !TK_DSP_ASM

static int8_t result(const uint32_t *x, const uint32_t *w, const tk_taps *taps)
{
    uint32_t v = *w++;

    for (int32_t a = 0; a < taps->rows; ++a) {
        for (int32_t k = 0; k < taps->words; ++k) {
            v = tk_smlad(x[a * taps->step + k], *w++, v);
        }
    }
    const uint32_t addend = w[1] + ((int32_t)v < 0 ? w[2] : 0);

    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)w[0], (int32_t)addend) >> w[3]);
}

void tk_depthwise_taps_s8(const uint32_t *restrict plane, int8_t *restrict y, const uint32_t *restrict w,
                          const tk_planes_shape *shape, const tk_taps *taps)
{
    for (int32_t i = 0; i < shape->lines; ++i) {
        for (int32_t j = 0; j < shape->columns; ++j) {
            y[i * shape->line + j * shape->pixel] = result(plane + i * taps->down + j * taps->apart, w, taps);
        }
    }
}

#endif
