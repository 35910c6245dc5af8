/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_PAIRED_S8_H
#define TK_CONV_PAIRED_S8_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* weights: of every two output channels what tk_dot_paired2_s8 (group 2) or tk_dot_paired4_s8 (group 4) reads; codes: of each
 * channel, see tk_paired.h. depth: inputs of a window, rounded up to a multiple of 8, and the channels to one of 2, with weights of
 * 0. pitch: bytes from a pixel of the output to the next. zero_point: of the input. */
typedef struct {
    const uint8_t *weights;
    const uint32_t *codes;
    int32_t depth;
    int32_t pitch;
    int32_t group;
    int32_t split;
    int32_t zero_point;
} tk_conv_paired_params;

/* CONV_2D (FULLY_CONNECTED: of an image of one row), int8, two output pixels in one multiplication, for cores without SIMD.
 *
 *     y[b, oh, ow, oc] = code of the sum over kh, kw, ic of x[b, ih, iw, ic] * w[oc, kh, kw, ic]
 *
 * where padding counts as the zero point, and the code is tk_paired_code: with the compiler's constants what
 * TensorFlow Lite Micro's reference kernel makes of it, bias and offsets included. shape->groups is 1.
 * Layout: x and y NHWC. Aliasing: none.
 * scratch: the words of a pair of windows, depth / group * (group + 1) of them, and two windows of `depth` bytes.
 * Exact: equals TensorFlow Lite Micro's reference kernel. */
void tk_conv_paired_s8(const int8_t *x, int8_t *y, const tk_conv_shape *shape, const tk_conv_paired_params *params,
                       uint32_t *scratch);

#ifdef __cplusplus
}
#endif

#endif
