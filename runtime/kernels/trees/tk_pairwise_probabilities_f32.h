/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_PAIRWISE_PROBABILITIES_F32_H
#define TK_PAIRWISE_PROBABILITIES_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Probabilities of classes out of scores of their pairs: x [rows, pairs], of (0,1), (0,2), ..., (1,2), ...; y [rows, classes].
 * slopes, offsets: [pairs], of the logistic functions that make probabilities of scores.
 * Aliasing: none. Scratch: `matrix`, classes * classes floats, and `product`, classes floats. Within 1e-5 of the reference. */
void tk_pairwise_probabilities_f32(const float *x, const float *slopes, const float *offsets, float *y, float *matrix,
                                   float *product, int32_t rows, int32_t classes);

#ifdef __cplusplus
}
#endif

#endif
