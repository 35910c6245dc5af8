/* SPDX-License-Identifier: Apache-2.0 */
/* One row of inputs times the weights of many outputs, requantized: what the kernels tk_dense* share. Internal.
 *
 * Four outputs in three sums. Words of halfwords A = 256 * w1 + w2 and B = 256 * w3 + w4 + 128 hold the weights of four outputs
 * for two inputs; D = 256 * w2 + w3 comes out of them by a mask and a sum. With T1, T2, T3 the sums of x * A, x * D and x * B,
 *
 *     T3 - 256 * T2 + 65536 * T1 = S4 + 2^24 * S1   (mod 2^32)
 *
 * gives 256 * S4 by a shift, and the others by 256 * S_i = T_i - S_(i+1): exact if |S| < 2^23. What the 128 adds, 128 times the
 * sum of the inputs, is taken off at the start. No weight is -128: A would not fit. In tk_dense_sums_s8 there is a 128 in A and D,
 * too, and every weight fits; D then takes an instruction more.
 *
 * weights: for every eight outputs
 *     for each half of them (s1 .. s4, where the sums begin) the words 256 * s1 + s2, 256 * s2 + s3, 256 * s3 + s4
 *     for every two inputs (0, 2), (1, 3), (4, 6), (5, 7), ...: A and B of the first half, A and B of the second
 *     in tk_dense_any_s8, for each output {multiplier, addend, below, shift}; in tk_dense_s8 all have the params'; in
 *     tk_dense_sums_s8 there is none.
 * y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift), v = 256 * (s + sum of x * w). */
#ifndef TK_DENSE_H
#define TK_DENSE_H

#include "tk_dsp.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* depth: inputs, a multiple of 4. outputs: a multiple of 8. The rest: requantization of all outputs (tk_dense_s8). */
typedef struct {
    const uint32_t *weights;
    int32_t depth;
    int32_t outputs;
    int32_t multiplier;
    int32_t addend;
    int32_t below;
    int32_t shift;
} tk_dense_params;

/* Eight outputs' sums -> 256 * S_1 .. 256 * S_8. */
static inline void tk_dense_split(const uint32_t t[6], uint32_t v[8])
{
    for (int32_t half = 0; half < 2; ++half, t += 3, v += 4) {
        v[3] = (t[2] - (t[1] << 8) + (t[0] << 16)) << 8;
        v[2] = t[2] - (uint32_t)tk_asr(v[3], 8);
        v[1] = t[1] - (uint32_t)tk_asr(v[2], 8);
        v[0] = t[0] - (uint32_t)tk_asr(v[1], 8);
    }
}

/* Where the sums of eight outputs begin. offset: what is in A and D as 128 is in B. */
static inline void tk_dense_start(const uint32_t *w, int32_t sum, int32_t offset, uint32_t t[6])
{
    for (int32_t i = 0; i < 6; ++i) {
        t[i] = w[i] - (i % 3 == 2 || offset != 0 ? (uint32_t)sum : 0u);
    }
}

/* Two inputs times eight outputs. */
static inline void tk_dense_two(uint32_t x, const uint32_t *w, int32_t offset, uint32_t t[6])
{
    for (int32_t half = 0; half < 2; ++half, w += 2) {
        const uint32_t a = w[0] ^ (offset != 0 ? 0x00800080u : 0u); /* the lower bytes: w2 */
        const uint32_t d =
            tk_pair(256 * tk_byte(a, 0) + tk_byte(w[1], 1) + offset, 256 * tk_byte(a, 2) + tk_byte(w[1], 3) + offset);

        t[3 * half] = tk_smlad(x, w[0], t[3 * half]);
        t[3 * half + 1] = tk_smlad(x, d, t[3 * half + 1]);
        t[3 * half + 2] = tk_smlad(x, w[1], t[3 * half + 2]);
    }
}

/* The sums of eight outputs; returns w, moved behind their weights. */
static inline const uint32_t *tk_dense_products(const uint32_t *x, const uint32_t *w, int32_t depth, int32_t sum,
                                                int32_t offset, uint32_t t[6])
{
    tk_dense_start(w, sum, offset, t);
    w += 6;
    for (int32_t k = 0; k < depth / 2; ++k, w += 4) {
        tk_dense_two(x[k], w, offset, t);
    }
    return w;
}

/* The same of inputs as they are, of which the sum is 1 / 128 of `sum`. */
static inline const uint32_t *tk_dense_near(const int8_t *x, const uint32_t *w, int32_t depth, int32_t sum, uint32_t t[6])
{
    tk_dense_start(w, sum, 0, t);
    w += 6;
    for (int32_t k = 0; k < depth; k += 4, w += 8) {
        tk_dense_two(tk_pair(x[k], x[k + 2]), w, 0, t);
        tk_dense_two(tk_pair(x[k + 1], x[k + 3]), w + 4, 0, t);
    }
    return w;
}

static inline int32_t tk_dense_sum(const int8_t *x, int32_t depth)
{
    int32_t sum = 0;

    for (int32_t k = 0; k < depth; ++k) {
        sum += x[k];
    }
    return sum;
}

static inline int8_t tk_dense_code(uint32_t v, int32_t multiplier, int32_t addend, int32_t below, int32_t shift)
{
    const uint32_t sum = (uint32_t)addend + ((int32_t)v < 0 ? (uint32_t)below : 0u);

    return tk_ssat8(tk_smmla((int32_t)v, multiplier, (int32_t)sum) >> shift);
}

#ifdef __cplusplus
}
#endif

#endif

#endif
