/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_ROW_F32_H
#define TK_DEPTHWISE_ROW_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A part of a DEPTHWISE_CONV_2D whose window is the image: row `row` of both, `pixels` pixels of `channels` channels, each of which
 * feeds `multiplier` outputs.
 *
 *     sums[o] = (row > 0 ? sums[o] : 0) + sum over the pixels j of x[j][o / multiplier] * w[row][j][o], in this order
 *
 * Layout: x [pixels][channels]; w of all rows. Aliasing: none. */
void tk_depthwise_row_f32(const float *x, const float *w, float *sums, int32_t pixels, int32_t channels, int32_t multiplier,
                          int32_t row);

#ifdef __cplusplus
}
#endif

#endif
