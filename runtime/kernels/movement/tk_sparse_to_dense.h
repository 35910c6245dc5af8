/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SPARSE_TO_DENSE_H
#define TK_SPARSE_TO_DENSE_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SPARSE_TO_DENSE: y = other everywhere, but y[indices[i, 0], indices[i, 1], ...] = values[i * step]; of equal indices the last
 * counts, those outside y are left out. `shape`: slices of one element.
 * Layout: other: one element; y has `elements`, of element_bytes each. step: 1, or 0 for one value for all.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_sparse_to_dense(const int32_t *indices, const void *values, const void *other, void *y, int32_t elements,
                        const tk_index_shape *shape, int32_t step, int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
