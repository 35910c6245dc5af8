/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UPDATE_SLICE_H
#define TK_UPDATE_SLICE_H

#include <stdint.h>

#include "tk_place.h"

#ifdef __cplusplus
extern "C" {
#endif

/* DYNAMIC_UPDATE_SLICE: y = x with the block that `shape` and `start` place replaced by `update`.
 * Aliasing: y may be x itself. Scratch: none. Moves bytes: any element type. */
void tk_update_slice(const void *x, const void *update, const int32_t *start, void *y, const tk_place_shape *shape,
                     int32_t element_bytes);

#ifdef __cplusplus
}
#endif

#endif
