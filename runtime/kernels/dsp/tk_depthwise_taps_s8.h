/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE_TAPS_S8_H
#define TK_DEPTHWISE_TAPS_S8_H

#include "tk_planes.h"

#define TK_TAPS_WORDS 8

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* rows, words: of the kernel, 1 <= words <= TK_TAPS_WORDS. Words of the plane from a row of the kernel to the next (step), from a
 * result to the next (apart), from a line of results to the next (down). */
typedef struct {
    int32_t rows;
    int32_t words;
    int32_t step;
    int32_t apart;
    int32_t down;
} tk_taps;

/* One channel of a depthwise convolution with any kernel, from a plane (tk_planes.h) whose first value is the first tap of the first
 * result: y[i * line + j * pixel], i < lines, j < columns,
 *
 *     y = SAT8((((v * multiplier) >> 32) + addend + (v < 0 ? below : 0)) >> shift),  v = start + sum of x * w.
 *
 * w: start; for each row of the kernel `words` words of two weights, times 256, that of the left neighbour in the low half; then
 * multiplier, addend, below, shift. Results are computed four at a time: up to 3 * apart words behind a line's last are read and not
 * used. Aliasing: none. */
void tk_depthwise_taps_s8(const uint32_t *plane, int8_t *y, const uint32_t *w, const tk_planes_shape *shape, const tk_taps *taps);

#ifdef __cplusplus
}
#endif

#endif

#endif
