/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_OF_SUMS_F32_H
#define TK_DENSE_OF_SUMS_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The end of FULLY_CONNECTED, of sums that tk_dense_row_f32 made: y[o] = clamp(sums[o] + bias[o], range); bias may be NULL.
 * Aliasing: none. */
void tk_dense_of_sums_f32(const float *sums, const float *bias, float *y, int32_t outputs, tk_range_f32 range);

#ifdef __cplusplus
}
#endif

#endif
