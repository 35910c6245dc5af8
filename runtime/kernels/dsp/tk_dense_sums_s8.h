/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_SUMS_S8_H
#define TK_DENSE_SUMS_S8_H

#include "tk_dense.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of inputs times the weights of all outputs (tk_dense.h), any weights: y[o] = s + sum of x * w, a word an output; of
 * params, only weights, depth and outputs are read. x: from tk_widen_s8, 2 * depth bytes, aligned to 4; sum: 128 times the
 * sum of the inputs. Aliasing: none. Exact under the conditions of tk_dense.h. */
void tk_dense_sums_s8(const uint32_t *x, int32_t *y, const tk_dense_params *params, int32_t sum);

#ifdef __cplusplus
}
#endif

#endif
