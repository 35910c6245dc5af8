/* SPDX-License-Identifier: Apache-2.0 */
/* Depthwise 3x3 from planes: what its kernels share. Internal.
 *
 * weights, for every channel: for each line of the kernel the words (w0, w1) and (w1, w2), all of them times 2^k;
 * then start, multiplier, addend: y = SAT8((((v * multiplier) >> 32) + addend) >> TK_DEPTHWISE_SHIFT) with
 * v = start + 2^k * (sum of x * w). In tk_depthwise3_fine_* the last shift is TK_DEPTHWISE_FINE. */
#ifndef TK_DEPTHWISE3_H
#define TK_DEPTHWISE3_H

#include "tk_planes.h"

#define TK_DEPTHWISE_SHIFT 8
#define TK_DEPTHWISE_FINE 10
#define TK_DEPTHWISE3_WORDS 9

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

static inline int8_t tk_depthwise3_code(const uint32_t *plane, const uint32_t *w, int32_t first, int32_t shift)
{
    uint32_t v = w[6];

    for (int32_t a = 0; a < 3; ++a) {
        const int32_t taps[3] = {tk_low(w[2 * a]), tk_high(w[2 * a]), tk_high(w[2 * a + 1])};

        for (int32_t b = 0; b < 3; ++b) {
            const uint32_t pair = plane[a * TK_FOUR_LINES + (first + b) / 2];

            v += (uint32_t)(((first + b) % 2 != 0 ? tk_high(pair) : tk_low(pair)) * taps[b]);
        }
    }
    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)w[7], (int32_t)w[8]) >> shift);
}

static inline void tk_depthwise3_twin(const uint32_t *planes, int8_t *y, const uint32_t *w, const tk_planes_shape *shape,
                                      int32_t stride, int32_t shift)
{
    for (int32_t q = 0; q < 4; ++q) {
        for (int32_t i = 0; i < shape->lines; ++i) {
            for (int32_t j = 0; j < shape->columns; ++j) {
                y[i * shape->line + j * shape->pixel + q] = tk_depthwise3_code(
                    planes + q * TK_LINE + stride * i * TK_FOUR_LINES, w + q * TK_DEPTHWISE3_WORDS, stride * j, shift);
            }
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
