/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FILTER_BANK_SQUARE_ROOT_H
#define TK_FILTER_BANK_SQUARE_ROOT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalFilterBankSquareRoot: y[i] = min(round(sqrt(x[i])), limit) >> (scale_bits mod 32), where the limit is 2^32 -
 * 1, or 2^16 - 1 if x[i] < 2^32.
 * Layout: x, y [n]; scale_bits [1]. Aliasing: none. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_filter_bank_square_root(const uint64_t *x, const int32_t *scale_bits, uint32_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
