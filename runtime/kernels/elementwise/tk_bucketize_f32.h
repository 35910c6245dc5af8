/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_BUCKETIZE_F32_H
#define TK_BUCKETIZE_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* BUCKETIZE: y[i] = how many of the rising boundaries are at most x[i]; of NaN, all of them.
 * Layout: x and y `count` elements; boundaries: boundary_count of them, at least one.
 * Aliasing: none. Scratch: none. Exact: equals LiteRT. */
void tk_bucketize_f32(const float *x, int32_t *y, int32_t count, const float *boundaries, int32_t boundary_count);

#ifdef __cplusplus
}
#endif

#endif
