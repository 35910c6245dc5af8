/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MAX_POOL_DSP_S8_H
#define TK_MAX_POOL_DSP_S8_H

#include "tk_pool_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* MAX_POOL_2D, int8: the greatest of the codes that a window covers, clamped. Every window covers a pixel. Layout: NHWC.
 * Aliasing: none. Exact: TFLM reference/integer_ops/pooling.h `MaxPool`. */
void tk_max_pool_dsp_s8(const int8_t *x, int8_t *y, const tk_pool_layer *layer);

#ifdef __cplusplus
}
#endif

#endif
