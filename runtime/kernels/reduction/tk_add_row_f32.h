/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ADD_ROW_F32_H
#define TK_ADD_ROW_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The pixels of one more row of an image, added to the sums of their channels:
 *
 *     sums[c] = (fresh ? 0 : sums[c]) + sum of x[p * channels + c] over the pixels p
 *
 * fresh: whether it is the first row.
 * Floats are added up pixel by pixel: the result is that of a sum over all rows at once.
 * Aliasing: none. */
void tk_add_row_f32(const float *x, float *sums, int32_t pixels, int32_t channels, int32_t fresh);

#ifdef __cplusplus
}
#endif

#endif
