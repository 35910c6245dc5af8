/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_FOLDED_S8_H
#define TK_DENSE_FOLDED_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All >= 1, but shift and step >= 0. step: words from the codes of an output to the next one's, TK_FOLDED_WORDS, or 0 where all
 * outputs have the same. starts: where the sum of each output begins; NULL: at 0. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t shift;
    int32_t step;
    const int32_t *starts;
} tk_dense_folded;

/* Matrix products of int8 whose requantization is one multiplication, as the compiler proves.
 *
 *     sum     = starts[o] + sum over i of x[b, i] * w[o, i]
 *     y[b, o] = clamp((sum * multiplier[o] + addend[o]) >> (32 + shift), -128, 127)
 *
 * Layout: x [batch, depth]; w [outputs, depth]; codes as in tk_folded.h, of each output, or of all; y [batch, outputs]. Ranges: sum
 * fits into int32, sum * multiplier[o] + addend[o] into int64. Aliasing: none. Scratch: none. Exact. */
void tk_dense_folded_s8(const int8_t *x, const int8_t *w, const uint32_t *codes, int8_t *y, const tk_dense_folded *params);

#ifdef __cplusplus
}
#endif

#endif
