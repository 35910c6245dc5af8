/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_SVDF_S8_H
#define TK_MVE_SVDF_S8_H

#include "tk_mve_svdf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SVDF, int8 with int8 state: tk_mve_dense_signed_s8 and tk_mve_svdf_time_s8 for each row of x.
 *
 * Layout: x [batch, inputs]; state [batch, filters, memory], read and written; newest [filters], overwritten; y [batch, units].
 * Aliasing: none. Scratch: newest. Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_mve_svdf_s8(const int8_t *x, int8_t *state, int8_t *newest, int8_t *y, const tk_mve_svdf *layer);

#ifdef __cplusplus
}
#endif

#endif
