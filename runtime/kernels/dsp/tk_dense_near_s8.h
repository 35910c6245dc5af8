/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DENSE_NEAR_S8_H
#define TK_DENSE_NEAR_S8_H

#include "tk_dense.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_dense_s8 computes, of inputs as they are: x int8[depth], y int8[outputs], one requantization for all outputs
 * (tk_dense.h). Aliasing: none. Scratch: none. Exact under the conditions of tk_dense.h. */
void tk_dense_near_s8(const int8_t *x, int8_t *y, const tk_dense_params *params);

#ifdef __cplusplus
}
#endif

#endif
