/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_GATHER_H
#define TK_GATHER_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x is [outer, axis, row_bytes], indices [batch, count], y [outer, count, row_bytes]; outer is a multiple of batch:
 * as many slices of x after each other share a row of indices. All >= 1. */
typedef struct {
    int32_t batch;
    int32_t outer;
    int32_t axis;
    int32_t count;
    int32_t row_bytes;
} tk_gather_shape;

/* GATHER, EMBEDDING_LOOKUP: y[o, i] = x[o, indices[o / (outer / batch), i]]. An index outside 0 .. axis - 1 is moved
 * to the nearer end.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_gather(const void *x, const int32_t *indices, void *y, const tk_gather_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
