/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVERAGE_OF_SUMS_F32_H
#define TK_AVERAGE_OF_SUMS_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The average over a whole image, of the sums that tk_add_row_f32 made of its `count` pixels:
 *
 *     y[c] = clamp(sums[c] / count, range)
 *
 * Aliasing: none. */
void tk_average_of_sums_f32(const float *sums, float *y, int32_t channels, int32_t count, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
