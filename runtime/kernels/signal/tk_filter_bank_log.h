/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FILTER_BANK_LOG_H
#define TK_FILTER_BANK_LOG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalFilterBankLog: y[i] = min(round(output_scale * ln(v)), 32767) with v = x[i] * 2^correction_bits; 0 if v <= 1.
 * ln(v) has 16 fractional bits: 45426 / 2^16 times log2(v), which is linear in each of 128 segments between powers of
 * two.
 * Layout: x, y [n]; table [129]: 2^16 * (log2(1 + i / 128) - i / 128). Ranges: 0 <= correction_bits <= 31,
 * output_scale >= 0. v, and the product before it is rounded to an integer, wrap around at 32 bits. Aliasing: none.
 * Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_filter_bank_log(const uint32_t *x, const int16_t *table, int16_t *y, int32_t n, int32_t correction_bits,
                        int32_t output_scale);

#ifdef __cplusplus
}
#endif

#endif
