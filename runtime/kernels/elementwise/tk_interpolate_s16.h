/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_INTERPOLATE_S16_H
#define TK_INTERPOLATE_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Any function of int16, as 512 straight lines of 128 codes each:
 *
 *     y[i] = table[k] + round((table[k + 1] - table[k]) * (x[i] modulo 128) / 128), k = 256 + floor(x[i] / 128)
 *
 * halves rounded up. Differences and results wrap to 16 bits, as the reference's do.
 * table: 513 entries. Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact: equals LiteRT's reference kernel. */
void tk_interpolate_s16(const int16_t *x, const int16_t *table, int16_t *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
