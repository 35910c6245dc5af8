/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_depthwise3_packed_dsp_s8.h"

#include "tk_depthwise3.h"
#include "tk_depthwise3_s1_s8.h"
#include "tk_depthwise3_s2_s8.h"
#include "tk_planes_s8.h"

/* Byte 3 - left / 8 of a word, times 2^k. */
static inline uint32_t tap(uint32_t word, uint32_t left, uint32_t k)
{
    return (uint32_t)((int32_t)(word << left) >> 24) << k;
}

static inline void line(uint32_t a, uint32_t b, uint32_t c, uint32_t *w)
{
    w[0] = (a & 0xffffu) | b << 16;
    w[1] = (b & 0xffffu) | c << 16;
}

static inline void unpack(const uint32_t *packed, uint32_t *w)
{
    const uint32_t k = packed[1] & 0xffu;
    const uint32_t p = packed[3];
    const uint32_t q = packed[4];

    line(tap(p, 24, k), tap(p, 16, k), tap(p, 8, k), w);
    line(tap(p, 0, k), tap(q, 24, k), tap(q, 16, k), w + 2);
    line(tap(q, 8, k), tap(q, 0, k), tap(packed[2], 8, k), w + 4);
    w[6] = (packed[2] & 0xffffu) << k;
    w[7] = packed[0];
    w[8] = (uint32_t)tk_asr(packed[1], 8);
}

static void four(const uint32_t *planes, int8_t *y, const uint32_t *packed, const tk_planes_shape *shape,
                 const tk_depthwise_layer *layer)
{
    uint32_t w[4 * TK_DEPTHWISE3_WORDS];

    for (int32_t q = 0; q < 4; ++q) {
        unpack(packed + q * TK_DEPTHWISE3_PACKED_WORDS, w + q * TK_DEPTHWISE3_WORDS);
    }
    if (layer->stride_columns == 1) {
        tk_depthwise3_s1_s8(planes, y, w, shape);
    } else {
        tk_depthwise3_s2_s8(planes, y, w, shape);
    }
}

static void some(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_depthwise_layer *layer, uint32_t *scratch)
{
    static const tk_depthwise_kernels kernels = {tk_planes_s8, four};

    tk_depthwise_block(&kernels, rows, y, lines, layer, scratch);
}

void tk_depthwise3_packed_dsp_s8(const int8_t *restrict x, int8_t *restrict y, const tk_depthwise_layer *layer,
                                 uint32_t *restrict scratch)
{
    tk_depthwise_image(some, x, y, layer, scratch);
}
