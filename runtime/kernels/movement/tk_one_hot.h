/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ONE_HOT_H
#define TK_ONE_HOT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ONE_HOT: y[o, d, i] = indices[o, i] == d ? *on : *off. y is [outer, depth, inner].
 * element_bytes: of on, off and y. Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_one_hot(const int32_t *indices, const void *on, const void *off, void *y, int32_t outer, int32_t depth,
                int32_t inner, int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
