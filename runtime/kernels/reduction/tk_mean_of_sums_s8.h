/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_OF_SUMS_S8_H
#define TK_MEAN_OF_SUMS_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The end of tk_mean_s8, of sums that tk_add_row_s8 made:
 *
 *     y[c] = clamp(R(sums[c] + sum_offset, multiplier, shift) + output_offset)
 *
 * with the constants of tk_mean_s8.h. Aliasing: none. */
void tk_mean_of_sums_s8(const int32_t *sums, int8_t *y, int32_t channels, const tk_mean_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
