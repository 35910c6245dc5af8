/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TO_COMPLEX_F32_H
#define TK_TO_COMPLEX_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* CAST to complex numbers: y[i] = x[i] + 0 i.
 * Layout: x [n]; y [n], each real part, imaginary part. Aliasing: none. Scratch: none. */
void tk_to_complex_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
