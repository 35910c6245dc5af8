/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_PAIRED_WIDE_ANY_S8_H
#define TK_CONV_PAIRED_WIDE_ANY_S8_H

#include <stdint.h>

#include "tk_conv_paired_wide_s8.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tk_conv_paired_wide_s8 computes, with codes as tk_any.h has them. params->shift is 0, the scratch the same.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_paired_wide_any_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape,
                                const tk_conv_paired_wide_params *params, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
