/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_AVG_POOL_DSP_S8_H
#define TK_AVG_POOL_DSP_S8_H

#include "tk_pool_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* AVERAGE_POOL_2D, int8: the mean of the codes that a window covers, rounded to nearest, ties away from zero, clamped.
 * Every window covers between 1 and 256 pixels. Layout: NHWC. scratch: 2 * channels bytes, rounded up to a multiple of 8, aligned
 * to 4. Aliasing: none. Exact: TFLM reference/integer_ops/pooling.h `AveragePool`. */
void tk_avg_pool_dsp_s8(const int8_t *x, int8_t *y, const tk_pool_layer *layer, uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
