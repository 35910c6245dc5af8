/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINO_ROWS_DSP_S8_H
#define TK_WINO_ROWS_DSP_S8_H

#include "tk_wino_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* `lines` output rows of the convolution tk_wino_dsp_s8, 1 <= lines <= strip.
 * rows: pointers to the lines + 2 input rows that they see; NULL stands for a row of padding. y: the first of the rows.
 * scratch: as for tk_wino_dsp_s8. Aliasing: none. */
void tk_wino_rows_dsp_s8(const int8_t *const *rows, int8_t *y, int32_t lines, const tk_wino_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
