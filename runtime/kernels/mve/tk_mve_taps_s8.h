/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_TAPS_S8_H
#define TK_MVE_TAPS_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights, aligned to 4 bytes: per 8 channels (the last ones filled up with zeros) the weights of each tap, 8 bytes; then, 32 bits
 * each, little endian, b m -e of channels 0 2 4 6 and b m -e of channels 1 3 5 7, four words of each. */
typedef struct {
    const int8_t *weights;
    int32_t taps;
    int32_t channels;
    int32_t offset;
    int32_t min;
    int32_t max;
} tk_mve_taps;

/* A pixel of a depthwise convolution, int8, any kernel: `taps` pointers to the inputs that it sees, all channels of each.
 *
 *     acc  = b[c] + sum over i < taps of x[i][c] * w[i][c]
 *     y[c] = clamp(((acc * m[c] + 2^30) >> 31) / 2^e[c] rounded to nearest, halves away from zero, + offset, min, max)
 *
 * 1 <= e <= 31, 0 <= m. Ranges: acc within int32. Aliasing: none. Scratch: none; 96 bytes of stack.
 * Exact: equals TensorFlow Lite Micro's reference kernel; b holds the bias and the input's zero point. */
void tk_mve_taps_s8(const int8_t *const *x, int8_t *y, const tk_mve_taps *layer);

#ifdef __cplusplus
}
#endif

#endif
