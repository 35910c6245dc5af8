/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPLEX_ABS_F32_H
#define TK_COMPLEX_ABS_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* COMPLEX_ABS: y = sqrt(re * re + im * im), the larger part taken out of the root, so that nothing overflows on the way.
 * Infinity in either part gives infinity, else NaN in either part gives NaN.
 * Layout: x [n], each real part, imaginary part; y [n]. Aliasing: none. Scratch: none. */
void tk_complex_abs_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
