/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_SVDF_S16_H
#define TK_MVE_SVDF_S16_H

#include "tk_mve_svdf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SVDF, int8 with int16 state: tk_mve_dense_signed_s16 and tk_mve_svdf_time_s16 for each row of x.
 *
 * Layout: x [batch, inputs]; state [batch, filters, memory], read and written; newest [filters], overwritten; y [batch, units].
 * Aliasing: none. Scratch: newest. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_svdf_s16(const int8_t *x, int16_t *state, int16_t *newest, int8_t *y, const tk_mve_svdf *layer);

#ifdef __cplusplus
}
#endif

#endif
