/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV4_ANY_S8_H
#define TK_CONV4_ANY_S8_H

#include "tk_conv4.h"

#ifdef __cplusplus
extern "C" {
#endif

/* 4 * count pixels next to each other times all channels, results of any sign (tk_gemm_s8.h), their windows woven first (tk_conv4.h).
 * rows: pointers to the rows of the image, the first of which is the windows' first; first: bytes from there to the first window.
 * Nothing of the image need be aligned. y[i * pitch + c], i = 0 .. 4 * count - 1. Aliasing: none. Exact under the conditions of
 * tk_gemm_s8.h. */
void tk_conv4_any_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_conv4 *run);

#ifdef __cplusplus
}
#endif

#endif
