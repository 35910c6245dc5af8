/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_FOLDED_S8_H
#define TK_DENSE_FOLDED_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* codes: three words for each output, see tk_folded.h. All >= 1, but shift >= 0. */
typedef struct {
    int32_t batch;
    int32_t depth;
    int32_t outputs;
    int32_t shift;
} tk_dense_folded;

/* Matrix products of int8 whose requantization is one multiplication, as the compiler proves.
 *
 *     sum     = sum over i of x[b, i] * w[o, i]
 *     y[b, o] = clamp((sum * multiplier[o] + addend[o]) >> (32 + shift), -128, 127)
 *
 * Layout: x [batch, depth]; w [outputs, depth]; y [batch, outputs]. Ranges: sum fits into int32, sum * multiplier[o] + addend[o]
 * into int64. Aliasing: none. Scratch: none. Exact. */
void tk_dense_folded_s8(const int8_t *x, const int8_t *w, const uint32_t *codes, int8_t *y, const tk_dense_folded *params);

#ifdef __cplusplus
}
#endif

#endif
