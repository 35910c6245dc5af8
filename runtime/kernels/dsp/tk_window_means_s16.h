/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINDOW_MEANS_S16_H
#define TK_WINDOW_MEANS_S16_H

#include "tk_fours.h"

#ifdef __cplusplus
extern "C" {
#endif

/* half: twice count / 2, rounded down; reciprocal: 2^31 / count, rounded up. 1 <= count <= 255. */
typedef struct {
    int32_t half;
    uint32_t reciprocal;
} tk_means_s16;

/* Of each channel, the mean of a window of `count` pixels, ties away from zero:
 *
 *     y = sign of the sum * (((2 * |sum| + half) * reciprocal) >> 32)
 *
 * window->pixel and window->row count elements. Aligned to 2. Aliasing: none. Exact: that is (|sum| + count / 2) / count, rounded
 * down, since 2^31 <= reciprocal * count < 2^31 + count and (|sum| + count / 2) * count < 2^31. */
void tk_window_means_s16(const int16_t *x, int16_t *y, const tk_fours *window, const tk_means_s16 *means);

#ifdef __cplusplus
}
#endif

#endif
