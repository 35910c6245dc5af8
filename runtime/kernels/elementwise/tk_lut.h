/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LUT_H
#define TK_LUT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any function of one byte: y[i] = table[x[i]], 0 <= i < n, x[i] read as an unsigned byte.
 * table: 256 results; for int8 x first those of 0 .. 127, then those of -128 .. -1. It overlaps neither x nor y.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact. x, table and y: elements of one byte, int8 or uint8. */
void tk_lut(const void *x, const void *table, void *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
