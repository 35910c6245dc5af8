/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SVDF_HYBRID_H
#define TK_SVDF_HYBRID_H

#include <stdint.h>

#include "tk_dynamic_products_s8.h"
#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* tk_svdf_f32 with int8 weights: each row of x is quantized by its own range, and its products with the feature weights are
 * integers; time weights are time * time_scale. quantized: `inputs` elements of scratch.
 * Aliasing: none. Within rounding of LiteRT's reference kernel. */
void tk_svdf_hybrid(const float *x, const tk_dynamic_weights *feature, const int8_t *time, const float *bias, float *state,
                    float *y, int8_t *quantized, const tk_svdf_shape *shape, float time_scale, int32_t activation);

#ifdef __cplusplus
}
#endif

#endif
