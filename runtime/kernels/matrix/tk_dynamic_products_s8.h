/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_DYNAMIC_PRODUCTS_S8_H
#define TK_DYNAMIC_PRODUCTS_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* int8 weights of a layer with float inputs: rows of as many as there are inputs. */
typedef struct {
    const int8_t *data;
    const int32_t *row_sums; /* the sum of each row: inputs are quantized with a zero point. NULL: without one */
    const float *scales;     /* row r has scales[r % cycle] */
    int32_t cycle;
} tk_dynamic_weights;

/* y[r * step] += weights of row r . x, for `rows` rows of n >= 1: x is quantized by its own range
 * (tk_quantize_dynamic_f32_s8), sums are integers.
 * Layout: x [n], y [rows] `step` apart. quantized: n elements of scratch. Aliasing: none.
 * Equal to what LiteRT does with float inputs of recurrent layers with int8 weights. */
void tk_dynamic_products_s8(const float *x, const tk_dynamic_weights *weights, int32_t n, int32_t rows, float *y,
                            int32_t step, int8_t *quantized);

#ifdef __cplusplus
}
#endif

#endif
