/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVERAGE_OF_SUMS_S8_H
#define TK_AVERAGE_OF_SUMS_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The average over a whole image, of the sums that tk_add_row_s8 made of its `count` pixels:
 *
 *     y[c] = clamp(sums[c] / count, min, max), rounded to nearest
 *
 * With `up`, in the middle between two codes
 * it is rounded up, else away from zero. Ranges: count < 2^23.
 * Aliasing: none. */
void tk_average_of_sums_s8(const int32_t *sums, int8_t *y, int32_t channels, int32_t count, int32_t up, int32_t min,
                           int32_t max);

#ifdef __cplusplus
}
#endif

#endif
