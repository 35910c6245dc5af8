/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SVDF_DSP_S16_H
#define TK_SVDF_DSP_S16_H

#include "tk_svdf_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SVDF, int8 with int16 state: what arm_svdf_state_s16_s8 computes, by matrix layers and tk_remember_s16.
 *
 * Layout: x [batch, inputs]; state [batch, filters, memory], read and written; y [batch, units]; sums: feature.outputs words, then
 * 2 * feature.depth bytes. Aliasing: none. Scratch: sums. Exact: equals TensorFlow Lite Micro's reference kernel, where the
 * feature's conditions hold (tk_dense.h). */
void tk_svdf_dsp_s16(const int8_t *x, int16_t *state, int8_t *y, const tk_svdf_dsp *layer, int32_t *sums);

#ifdef __cplusplus
}
#endif

#endif
