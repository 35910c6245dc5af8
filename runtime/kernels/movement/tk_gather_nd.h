/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GATHER_ND_H
#define TK_GATHER_ND_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* GATHER_ND: y[i] = x[indices[i, 0], indices[i, 1], ...], elements or whole slices. A coordinate outside its
 * dimension is moved to the nearer end.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_gather_nd(const void *x, const int32_t *indices, void *y, const tk_index_shape *shape,
                  int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
