/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_LOGISTIC_F32_H
#define TK_LOGISTIC_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LOGISTIC, float32: y = 1 / (1 + exp(-x)); as in the reference kernel exactly 1 above 16.6190472 and exp(x) below -9.
 * Aliasing: y may be x itself; no other overlap. Scratch: none.
 * As exact as the C library's expf. */
void tk_logistic_f32(const float *x, float *y, int32_t n);

#ifdef __cplusplus
}
#endif

#endif
