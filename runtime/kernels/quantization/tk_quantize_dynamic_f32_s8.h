/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_QUANTIZE_DYNAMIC_F32_S8_H
#define TK_QUANTIZE_DYNAMIC_F32_S8_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x = scale * (y - zero_point). */
typedef struct {
    float scale;
    int32_t zero_point;
} tk_dynamic_s8;

/* Quantizes x[0..n), n >= 1, by its own range; `found` tells how. Symmetric: to -127..127 with zero point 0; asymmetric: to -128..127, the
 * range widened to hold 0. All zeros: scale 1.
 * Aliasing: none. Scratch: none.
 * Equal to what LiteRT does with float inputs of int8 weights. NaN becomes 0 or the like. */
void tk_quantize_dynamic_f32_s8(const float *x, int8_t *y, tk_dynamic_s8 *found, int32_t n, int32_t asymmetric);

#ifdef __cplusplus
}
#endif

#endif
