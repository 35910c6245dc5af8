/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_LINE_DSP_S8_H
#define TK_AVG_POOL_LINE_DSP_S8_H

#include "tk_pool_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How a sum becomes a code: t = sum - offset, p = t * multiplier,
 * ((p + addend + ((p >> shift) & even)) >> shift) + zero_point. even: 1 for halves to the even code of a power of two, or 0. */
typedef struct {
    int32_t offset;
    int32_t multiplier;
    int32_t addend;
    int32_t shift;
    int32_t even;
    int32_t zero_point;
} tk_line;

/* AVERAGE_POOL_2D, int8, with halves to even or a change of scale: the sum of the codes that a window covers, of which there are
 * as many in all windows, 2 to 256, as `line` says, clamped. Ranges: all of the line's terms fit into int32 for all codes;
 * 1 <= shift < 31. Layout: NHWC. scratch: 2 * channels bytes, rounded up to a multiple of 8, aligned to 4. Aliasing: none. Exact. */
void tk_avg_pool_line_dsp_s8(const int8_t *x, int8_t *y, const tk_pool_layer *layer, const tk_line *line, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
