/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_S16_H
#define TK_MEAN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MEAN over any dimensions, int16; with other constants also SUM. The formula is that of tk_mean_s8, with the limits of int16.
 *
 * Layout: x contiguous, y contiguous in the order of the kept dimensions.
 * Ranges: N < 2^16, with an input zero point other than 0 N < 2^15, so that no sum overflows.
 * Aliasing: none. Scratch: acc, 4 bytes for each output element; need not be set to anything.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mean_s16(const int16_t *x, int16_t *y, int32_t *acc, const tk_reduce *shape, const tk_mean_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
