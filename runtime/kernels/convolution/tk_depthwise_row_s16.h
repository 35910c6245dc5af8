/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_ROW_S16_H
#define TK_DEPTHWISE_ROW_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A part of a DEPTHWISE_CONV_2D whose window is the image: row `row` of both, `pixels` pixels of `channels` channels, each of which
 * feeds `multiplier` outputs.
 *
 *     sums[o] = (row > 0 ? sums[o] : 0) + sum over the pixels j of x[j][o / multiplier] * w[row][j][o]
 *
 * Layout: x [pixels][channels]; w of all rows. Aliasing: none. */
void tk_depthwise_row_s16(const int16_t *x, const int8_t *w, int64_t *sums, int32_t pixels, int32_t channels,
                          int32_t multiplier, int32_t row);

#ifdef __cplusplus
}
#endif

#endif
