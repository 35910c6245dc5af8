/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD_ROW_S16_H
#define TK_ADD_ROW_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The pixels of one more row of an image, added to the sums of their channels:
 *
 *     sums[c] = (fresh ? 0 : sums[c]) + sum of x[p * channels + c] over the pixels p
 *
 * fresh: whether it is the first row.
 * Ranges: all rows together have less than 2^16 pixels.
 * Aliasing: none. */
void tk_add_row_s16(const int16_t *x, int32_t *sums, int32_t pixels, int32_t channels, int32_t fresh);

#ifdef __cplusplus
}
#endif

#endif
