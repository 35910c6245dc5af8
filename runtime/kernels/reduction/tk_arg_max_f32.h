/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_ARG_MAX_F32_H
#define TK_ARG_MAX_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ARG_MAX (sign 1) and ARG_MIN (sign -1) of float along the middle of x [outer, n, inner]: the first index of the
 * largest sign * x. A NaN is never larger, and nothing is larger than a NaN in first place.
 * y is [outer, inner]. n >= 1. Aliasing: none. Scratch: none. Exact: equals TensorFlow Lite Micro. */
void tk_arg_max_f32(const float *x, int32_t *y, int32_t outer, int32_t n, int32_t inner, float sign);

#ifdef __cplusplus
}
#endif

#endif
