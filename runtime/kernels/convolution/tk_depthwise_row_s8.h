/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_ROW_S8_H
#define TK_DEPTHWISE_ROW_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of `pixels` pixels of `channels` channels, each of which feeds `multiplier` outputs; minus the zero points of both
 * operands. */
typedef struct {
    int32_t pixels;
    int32_t channels;
    int32_t multiplier;
    int32_t input_offset;
    int32_t weights_offset;
} tk_depthwise_row_s8_params;

/* A part of a DEPTHWISE_CONV_2D whose window is the image: row `row` of both.
 *
 *     sums[o] = (row > 0 ? sums[o] : bias ? bias[o] : 0)
 *               + sum over the pixels j of (x[j][o / multiplier] + input_offset) * (w[row][j][o] + weights_offset)
 *
 * modulo 2^32. Layout: x [pixels][channels]; w of all rows. Ranges: pixels <= 2^14. Aliasing: none. */
void tk_depthwise_row_s8(const int8_t *x, const int8_t *w, const int32_t *bias, int32_t *sums, int32_t row,
                         const tk_depthwise_row_s8_params *params);

#ifdef __cplusplus
}
#endif

#endif
