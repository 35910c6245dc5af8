/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MEAN_EVEN_S16_H
#define TK_MEAN_EVEN_S16_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MEAN over any dimensions, int16, halves to even.
 *
 *     acc = sum of the N input elements that fold onto the output element
 *     y   = tk_even_code(acc + sum_offset, multiplier, shift, true, output_offset, -32768, 32767)
 *
 * Layout: x contiguous, y contiguous in the order of the kept dimensions.
 * Ranges: acc + sum_offset fits into int32.
 * Aliasing: none. Scratch: acc, 4 bytes for each output element; need not be set to anything. Exact. */
void tk_mean_even_s16(const int16_t *x, int16_t *y, int32_t *acc, const tk_reduce *shape, const tk_mean_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
