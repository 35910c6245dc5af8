/* SPDX-License-Identifier: Apache-2.0 */
/* float32 layers on cores with a floating-point unit: what their functions share. */
#ifndef TK_GEMM_F32_H
#define TK_GEMM_F32_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether the functions come from NAME.S; else NAME.c has a C twin of each, with the same results. */
#if defined(__ARM_FP) && defined(__thumb2__) && defined(__GNUC__)
#define TK_FPU_ASSEMBLY 1
#else
#define TK_FPU_ASSEMBLY 0
#endif
#if defined(__ARM_FEATURE_MVE) && defined(__GNUC__)
#define TK_MVE_F32_ASSEMBLY (__ARM_FEATURE_MVE >= 3)
#else
#define TK_MVE_F32_ASSEMBLY 0
#endif

/* A matrix layer. Pixel p of x is `depth` floats at p * step; its `channels` results lie at p * pitch in y.
 * weights: per eight channels (the last ones filled up with zeros) the eight weights of each float of a pixel, then eight biases.
 * 1 <= depth, 1 <= channels. */
typedef struct {
    const float *weights;
    int32_t depth;
    int32_t step;
    int32_t channels;
    int32_t pitch;
    float min;
    float max;
} tk_gemm_f32;

/* A pixel of a depthwise convolution. weights: per eight channels, filled up with zeros, eight weights of each tap, then eight
 * biases. 1 <= taps, 1 <= channels. */
typedef struct {
    const float *weights;
    int32_t taps;
    int32_t channels;
    float min;
    float max;
} tk_taps_f32;

/* How windows go over a tensor, NHWC; a row of `row` floats, columns of `column`. Output (i, j) sees the rows i * stride_h - pad_h + r
 * * dilation_h, 0 <= r < rows <= TK_F32_MAX_ROWS, and the columns likewise. padding: a row of zeros for those outside. */
#define TK_F32_MAX_ROWS 32
typedef struct {
    int32_t batch;
    int32_t in_h;
    int32_t in_w;
    int32_t column;
    int32_t out_h;
    int32_t out_w;
    int32_t out_column;
    int32_t rows;
    int32_t columns;
    int32_t stride_h;
    int32_t stride_w;
    int32_t pad_h;
    int32_t pad_w;
    int32_t dilation_h;
    int32_t dilation_w;
    const float *padding;
} tk_slide_f32;

typedef struct {
    tk_gemm_f32 gemm;
    tk_slide_f32 slide;
} tk_conv_windows_f32;

#define TK_F32_MAX_TAPS 64
typedef struct {
    tk_taps_f32 taps;
    tk_slide_f32 slide;
} tk_depthwise_taps_f32;

#ifdef __cplusplus
}
#endif

#endif
