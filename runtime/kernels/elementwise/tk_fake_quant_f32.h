/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FAKE_QUANT_F32_H
#define TK_FAKE_QUANT_F32_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* FAKE_QUANT: y = round((clamp(x) - range.min) * (1 / scale)) * scale + range.min, halves away from zero. NaN becomes range.min.
 * Ranges: range.max - range.min is less than 2^16 * scale, scale is a normal number.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * Exact where products and sums are rounded one by one: equals LiteRT. */
void tk_fake_quant_f32(const float *x, float *y, int32_t n, tk_range_f32 range, float scale);

#ifdef __cplusplus
}
#endif

#endif
