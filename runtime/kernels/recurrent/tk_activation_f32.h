/* SPDX-License-Identifier: Apache-2.0 */
/* The activations that recurrent operators apply to floats, by their numbers in a TFLite file. Internal. */
#ifndef TK_ACTIVATION_F32_H
#define TK_ACTIVATION_F32_H

#include <math.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
    TK_ACTIVATION_NONE = 0,
    TK_ACTIVATION_RELU = 1,
    TK_ACTIVATION_RELU_N1_TO_1 = 2,
    TK_ACTIVATION_RELU6 = 3,
    TK_ACTIVATION_TANH = 4,
    TK_ACTIVATION_SIGN_BIT = 5
};

/* NaN becomes min, as in the reference. */
static inline float tk_between_f32(float x, float min, float max)
{
    const float lowered = x > max ? max : x;

    return lowered > min ? lowered : min;
}

/* To -clip..clip; a clip of 0 is none. NaN becomes clip, as in the reference. */
static inline float tk_clip_f32(float x, float clip)
{
    const float raised = x > -clip ? x : -clip;

    if (clip <= 0.0f) {
        return x;
    }
    return x < clip ? raised : clip;
}

static inline float tk_activate_f32(float x, int32_t activation)
{
    switch (activation) {
    case TK_ACTIVATION_RELU:
        return x > 0.0f ? x : 0.0f;
    case TK_ACTIVATION_RELU_N1_TO_1:
        return tk_between_f32(x, -1.0f, 1.0f);
    case TK_ACTIVATION_RELU6:
        return tk_between_f32(x, 0.0f, 6.0f);
    case TK_ACTIVATION_TANH:
        return tanhf(x);
    case TK_ACTIVATION_SIGN_BIT:
        return signbit(x) ? 1.0f : 0.0f;
    default:
        return x;
    }
}

#ifdef __cplusplus
}
#endif

#endif
