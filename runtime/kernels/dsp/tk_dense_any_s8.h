/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_ANY_S8_H
#define TK_DENSE_ANY_S8_H

#include "tk_dense.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of inputs times the weights of all outputs, with a requantization for each output (tk_dense.h). x: from
 * tk_widen_s8, 2 * depth bytes, aligned to 4; sum: 128 times the sum of the inputs. y: one byte an output. Aliasing: none.
 * Exact under the conditions of tk_dense.h. */
void tk_dense_any_s8(const uint32_t *x, int8_t *y, const tk_dense_params *params, int32_t sum);

#ifdef __cplusplus
}
#endif

#endif
