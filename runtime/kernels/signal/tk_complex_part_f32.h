/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_COMPLEX_PART_F32_H
#define TK_COMPLEX_PART_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* REAL (part 0) and IMAG (part 1): y[i] = that part of x[i].
 * Layout: x [n], each real part, imaginary part; y [n]. Aliasing: none. Scratch: none. */
void tk_complex_part_f32(const float *x, float *y, int32_t n, int32_t part);

#ifdef __cplusplus
}
#endif

#endif
