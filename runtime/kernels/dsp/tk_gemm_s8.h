/* SPDX-License-Identifier: Apache-2.0 */
/* Pixels times weights of many output channels, requantized: what the kernels tk_gemm* and tk_conv4* share. Internal.
 *
 * Four pixels in three sums. From halfwords h_i = 256 * p_i + p_(i+1) + 128 (tk_conv4.h) the sums T_i of h_i * w hold two
 * pixels each, T_i = 256 * A_i + A_(i+1) but for constants, so that
 *
 *     T_3 - 256 * T_2 + 65536 * T_1 = A_4 + 2^24 * A_1   (mod 2^32)
 *
 * gives 256 * A_4 by a shift, and the others by 256 * A_i = T_i - A_(i+1). That is exact if |A| < 2^23 for every input: a fact
 * about the weights, which the compiler proves. Each A comes out as v = 256 * A, as the requantization wants it.
 *
 * weights: for every two channels c and d
 *     a word each for c and d, where their sums begin: 257 * start - 128 * (sum of the channel's weights)
 *     depth / 2 words of bytes {c[k], d[k], c[k + 2], d[k + 2]}, k = 0, 1, 4, 5, 8, 9, ... of each segment (tk_weave.h)
 *     then for c and d each, in tk_*_s8               {multiplier, addend}
 *                            in tk_*_any_s8           {multiplier, addend, below, shift}
 * y = SAT8((((v * multiplier) >> 32) + addend) >> TK_GEMM_SHIFT), with v = 256 * (start + sum of p * w); in tk_*_any_s8
 * y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift).
 *
 * The kernels *_apart_* have in `weights` where sums begin and the words of bytes, and in `constants`, pair after pair, what makes
 * codes of them. */
#ifndef TK_GEMM_S8_H
#define TK_GEMM_S8_H

#include "tk_dsp.h"

#define TK_GEMM_SHIFT 12

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* depth: inputs of a pixel as they are woven, an even number. channels: even. pitch: bytes from a pixel of the output to the next.
 * constants: of the kernels *_apart_*, NULL for others. */
typedef struct {
    const uint32_t *weights;
    int32_t depth;
    int32_t channels;
    int32_t pitch;
    const uint32_t *constants;
} tk_gemm_s8;

/* Two's complement with 257 * start - ..: v = 256 * t / 257 modulo 2^32, where t is a multiple of 257. */
#define TK_256_OVER_257 UINT32_C(0x00ff0100)

/* q: {multiplier, addend}. */
static inline int8_t tk_gemm_code(uint32_t v, const uint32_t *q)
{
    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)q[0], (int32_t)q[1]) >> TK_GEMM_SHIFT);
}

/* q: {multiplier, addend, below, shift}. */
static inline int8_t tk_gemm_any_code(uint32_t v, const uint32_t *q)
{
    const uint32_t below = (int32_t)v < 0 ? q[2] : 0;

    return tk_ssat8(tk_smmla((int32_t)v, (int32_t)q[0], (int32_t)(q[1] + below)) >> q[3]);
}

/* 256 * A_1 .. 256 * A_4. */
static inline void tk_gemm_split(const uint32_t t[3], uint32_t v[4])
{
    v[3] = (t[2] - (t[1] << 8) + (t[0] << 16)) << 8;
    v[2] = t[2] - (uint32_t)tk_asr(v[3], 8);
    v[1] = t[1] - (uint32_t)tk_asr(v[2], 8);
    v[0] = t[0] - (uint32_t)tk_asr(v[1], 8);
}

/* The bytes {c, d, c, d} of a word of weights as pairs of c and of d. */
static inline uint32_t tk_gemm_weights(uint32_t word, int32_t channel)
{
    return tk_pair(tk_byte(word, channel), tk_byte(word, channel + 2));
}

/* Where a channel pair's words are: where sums begin, bytes, what makes codes. */
typedef struct {
    const uint32_t *starts;
    const uint32_t *bytes;
    const uint32_t *codes;
} tk_gemm_pair;

/* words: of a channel, for codes. */
static inline tk_gemm_pair tk_gemm_pair_of(const tk_gemm_s8 *g, int32_t pair, int32_t words)
{
    const int32_t bytes = g->depth / 2;
    const int32_t behind = g->constants != 0 ? 0 : 2 * words;
    const uint32_t *const w = g->weights + pair * (2 + bytes + behind);
    const tk_gemm_pair found = {w, w + 2, g->constants != 0 ? g->constants + pair * 2 * words : w + 2 + bytes};

    return found;
}

/* sums[channel][i]: the stream of 2 pixels, or of 3 woven ones, times a channel pair. */
static inline void tk_gemm_sums(const uint32_t *x, const tk_gemm_pair *w, int32_t depth, int32_t streams, uint32_t sums[2][3])
{
    for (int32_t i = 0; i < streams; ++i) {
        sums[0][i] = w->starts[0];
        sums[1][i] = w->starts[1];
    }
    for (int32_t k = 0; k < depth / 2; ++k) {
        for (int32_t i = 0; i < streams; ++i) {
            const uint32_t pair = x[k * streams + i];

            sums[0][i] = tk_smlad(pair, tk_gemm_weights(w->bytes[k], 0), sums[0][i]);
            sums[1][i] = tk_smlad(pair, tk_gemm_weights(w->bytes[k], 1), sums[1][i]);
        }
    }
}

/* The kernels on two pixels, in C. code: of a sum; words: of a channel's constants for it. */
static inline void tk_gemm2_twin(const uint32_t *x, int8_t *y, const tk_gemm_s8 *g, int8_t (*code)(uint32_t v, const uint32_t *q),
                                 int32_t words)
{
    for (int32_t c = 0; c < g->channels; c += 2) {
        const tk_gemm_pair w = tk_gemm_pair_of(g, c / 2, words);
        uint32_t sums[2][3];

        tk_gemm_sums(x, &w, g->depth, 2, sums);
        for (int32_t d = 0; d < 2; ++d) {
            for (int32_t i = 0; i < 2; ++i) {
                y[i * g->pitch + c + d] = code(sums[d][i] * TK_256_OVER_257, w.codes + d * words);
            }
        }
    }
}

#ifdef __cplusplus
}
#endif

#endif

#endif
