/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ARG_MAX_S8_H
#define TK_ARG_MAX_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ARG_MAX and ARG_MIN of bytes along the middle of x [outer, n, inner]: the first index of the largest x ^ flip,
 * read as int8. flip: 0 for the maximum of int8 and bool, -1 for the minimum; -128 and 127 for those of uint8.
 * y is [outer, inner]. n >= 1. Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro. */
void tk_arg_max_s8(const void *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, int32_t flip);

#ifdef __cplusplus
}
#endif

#endif
