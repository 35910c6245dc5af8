/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DEPTHWISE3_PAIRED_ANY_S8_H
#define TK_DEPTHWISE3_PAIRED_ANY_S8_H

#include <stdint.h>

#include "tk_depthwise3_pairs.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_depthwise3_paired_s8 computes, with codes as tk_any.h has them. params->shift is 0, the scratch the same.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_depthwise3_paired_any_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape,
                                 const tk_depthwise3_pairs_params *params, int8_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
