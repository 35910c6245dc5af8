/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_ADD_S8_H
#define TK_MVE_ADD_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* y = clamp((x1 * multiplier1 + x2 * multiplier2 + offset) >> 21). No sum leaves 32 bits. */
typedef struct {
    int32_t multiplier1;
    int32_t multiplier2;
    int32_t offset;
} tk_mve_add;

/* ADD or SUB of tensors of one shape, int8, as one linear form, clamped to -128 .. 127.
 *
 * Layout: x1, x2, y [n], n >= 0. Aliasing: y may be x1 or x2. Scratch: none; 32 bytes of stack.
 * Exact: where the form has TensorFlow Lite Micro's value for all 65,536 pairs (tinycc/numerics/linear_sum.py). */
void tk_mve_add_s8(const int8_t *x1, const int8_t *x2, int8_t *y, int32_t n, const tk_mve_add *sum);

#ifdef __cplusplus
}
#endif

#endif
