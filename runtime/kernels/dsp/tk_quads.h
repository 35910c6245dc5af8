/* SPDX-License-Identifier: Apache-2.0 */
/* One or two pixels times the weights of many output channels, requantized: what the kernels tk_quads* share. Internal.
 *
 * Four channels in three sums, as in tk_dense.h: A = 256 * w1 + w2 and B = 256 * w3 + w4 + 128 are in the weights, the halfwords
 * D = 256 * w2 + w3 come out of them. Two inputs of two pixels times four channels, 16 products, take six SMLAD and two instructions
 * for D, which both pixels share. No weight is -128.
 *
 * Inputs may come in parts: the sums of all but the last part are kept in memory until the next one.
 *
 * weights: for every four channels
 *     in the first part the words 256 * s1 + s2, 256 * s2 + s3, 256 * s3 + s4: where the sums begin
 *     for every two inputs (0, 2), (1, 3), (4, 6), (5, 7), ...: A and B
 *     in the last part for each channel, in tk_quads*_s8       {multiplier, addend}
 *                                        in tk_quads*_any_s8   {multiplier, addend, below, shift}
 * and the requantization of tk_gemm_s8.h. */
#ifndef TK_QUADS_H
#define TK_QUADS_H

#include "tk_gemm_s8.h"

#ifndef __ASSEMBLER__

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* depth: inputs of a pixel, a multiple of 4. channels: a multiple of 4. pitch: bytes from the results of the first pixel to those
 * of the second. sums: 128 times the sum of the inputs of each pixel. from: three sums of each pixel for every four channels, of the
 * parts before; NULL: this is the first. to: where they go; NULL: this is the last, they become results. */
typedef struct {
    const uint32_t *weights;
    int32_t depth;
    int32_t channels;
    int32_t pitch;
    int32_t sums[2];
    const uint32_t *from;
    uint32_t *to;
} tk_quads;

/* The sums of a pixel -> 256 * S_1 .. 256 * S_4. */
static inline void tk_quads_split(const uint32_t t[3], uint32_t v[4])
{
    v[3] = (t[2] - (t[1] << 8) + (t[0] << 16)) << 8;
    v[2] = t[2] - (uint32_t)tk_asr(v[3], 8);
    v[1] = t[1] - (uint32_t)tk_asr(v[2], 8);
    v[0] = t[0] - (uint32_t)tk_asr(v[1], 8);
}

/* x: for every two inputs a word of each pixel. any: whether the requantization is that of tk_gemm_any_code. */
static inline void tk_quads_twin(const uint32_t *x, int8_t *y, const tk_quads *quads, int32_t pixels, int any)
{
    const uint32_t *w = quads->weights;
    const int32_t state = 3 * pixels;

    for (int32_t c = 0; c < quads->channels; c += 4) {
        uint32_t t[2][3];
        uint32_t v[4];

        for (int32_t i = 0; i < state; ++i) {
            const uint32_t begun = quads->from != NULL ? quads->from[c / 4 * state + i] : w[i % 3];

            t[i / 3][i % 3] = begun - (i % 3 == 2 ? (uint32_t)quads->sums[i / 3] : 0u);
        }
        w += quads->from != NULL ? 0 : 3;
        for (int32_t k = 0; k < quads->depth / 2; ++k, w += 2) {
            const uint32_t d =
                tk_pair(256 * tk_byte(w[0], 0) + tk_byte(w[1], 1), 256 * tk_byte(w[0], 2) + tk_byte(w[1], 3));

            for (int32_t i = 0; i < pixels; ++i) {
                t[i][0] = tk_smlad(x[k * pixels + i], w[0], t[i][0]);
                t[i][1] = tk_smlad(x[k * pixels + i], d, t[i][1]);
                t[i][2] = tk_smlad(x[k * pixels + i], w[1], t[i][2]);
            }
        }
        for (int32_t i = 0; i < state && quads->to != NULL; ++i) {
            quads->to[c / 4 * state + i] = t[i / 3][i % 3];
        }
        for (int32_t i = 0; i < pixels && quads->to == NULL; ++i) {
            tk_quads_split(t[i], v);
            for (int32_t d = 0; d < 4; ++d) {
                y[i * quads->pitch + c + d] = any ? tk_gemm_any_code(v[d], w + 4 * d) : tk_gemm_code(v[d], w + 2 * d);
            }
        }
        w += quads->to != NULL ? 0 : any ? 16 : 8;
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
