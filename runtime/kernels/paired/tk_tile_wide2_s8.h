/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TILE_WIDE2_S8_H
#define TK_TILE_WIDE2_S8_H

#include "tk_dot_wide.h"

#ifndef __ASSEMBLER__

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* weights, codes, depth, shift: of tk_conv_paired_wide_params, in groups of 2; channels: of the output, as they are. */
typedef struct {
    const int8_t *weights;
    const uint32_t *codes;
    int32_t depth;
    int32_t channels;
    int32_t shift;
} tk_tile_wide2;

/* All channels of four output pixels: see tk_paired.h and tk_folded.h.
 * x: for each of `depth` inputs, a multiple of 4 of them, the word of the pixels 0 and 1 and that of the pixels 2 and 3.
 * y: where the results of each pixel go; two of them may be the same. Aliasing: none. Scratch: none; 96 bytes of stack. */
void tk_tile_wide2_s8(const uint32_t *x, int8_t *const *y, const tk_tile_wide2 *layer);

#ifdef __cplusplus
}
#endif

#endif

#endif
