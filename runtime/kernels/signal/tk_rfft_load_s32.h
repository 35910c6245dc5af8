/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RFFT_LOAD_S32_H
#define TK_RFFT_LOAD_S32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Real frames as the points of an FFT of half the length: two elements are one point, and zeros follow:
 *     y[f][positions[k]] = x[f][2 k] + i x[f][2 k + 1].
 * Layout: x [frames, length]; y [frames], `stride` apart, of n points; positions [n]: where the stages want each
 * point.
 * Ranges: 1 <= length <= 2 n. Aliasing: none. Scratch: none. */
void tk_rfft_load_s32(const int32_t *x, int32_t *y, const int16_t *positions, int32_t length,
                      const tk_fft_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
