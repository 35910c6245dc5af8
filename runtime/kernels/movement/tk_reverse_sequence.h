/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_REVERSE_SEQUENCE_H
#define TK_REVERSE_SEQUENCE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Sizes of the dimensions around the sequence and the batch, from outside to inside, and the bytes that one step
 * along each moves. dims: those before both, those between, the batch. */
typedef struct {
    int32_t dims[3];
    int32_t stride[3];
    int32_t steps;
    int32_t step_stride;
    int32_t row_bytes;
} tk_reverse_shape;

/* REVERSE_SEQUENCE: of each sequence of `steps` rows, the first lengths[batch] in reverse order, the rest as they
 * are. A length outside 0 .. steps is moved to the nearer end.
 * Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_reverse_sequence(const void *x, const int32_t *lengths, void *y, const tk_reverse_shape *shape);

#ifdef __cplusplus
}
#endif

#endif
