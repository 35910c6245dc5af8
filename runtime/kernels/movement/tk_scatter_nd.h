/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SCATTER_ND_H
#define TK_SCATTER_ND_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SCATTER_ND: y = 0 everywhere, then y[indices[i, 0], indices[i, 1], ...] += updates[i], elements or whole slices
 * (see tk_index_shape; y has `elements` in all). Equal indices add up: integers wrap, booleans are combined by OR.
 * Indices outside y are left out. type: a tk_type.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_scatter_nd(const int32_t *indices, const void *updates, void *y, int32_t elements, const tk_index_shape *shape,
                   int32_t type);

#ifdef __cplusplus
}
#endif

#endif
