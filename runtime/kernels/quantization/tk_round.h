/* SPDX-License-Identifier: Apache-2.0 */
/* From float32 to a code: what the tk_quantize_f32_* kernels share. Internal. */
#ifndef TK_ROUND_H
#define TK_ROUND_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether a value is greater than a bound, or less, and so no NaN: which EVA does not conclude. */
#ifdef __FRAMAC__
#define TK_IS_GREATER(value, bound) ((value) > (bound) && (value) == (value))
#define TK_IS_LESS(value, bound) ((value) < (bound) && (value) == (value))
#else
#define TK_IS_GREATER(value, bound) ((value) > (bound))
#define TK_IS_LESS(value, bound) ((value) < (bound))
#endif

/* Halves away from zero. |value| < 2^17, so that both parts are exact; no call into the library. */
static inline int32_t tk_round_small(float value)
{
    const int32_t whole = (int32_t)value;
    const float rest = value - (float)whole;

    return whole + (rest >= 0.5f) - (rest <= -0.5f);
}

/* Halves to the even neighbour. |value| < 2^17. */
static inline int32_t tk_round_small_even(float value)
{
    const int32_t whole = (int32_t)value;
    const float rest = value - (float)whole;

    if (rest > 0.5f || rest < -0.5f) {
        return whole + (rest > 0.0f ? 1 : -1);
    }
    if ((rest >= 0.5f || rest <= -0.5f) && whole % 2 != 0) {
        return whole + (rest > 0.0f ? 1 : -1);
    }
    return whole;
}

/* As tk_round_to_code, halves to even. */
static inline int32_t tk_round_to_code_even(float value, int32_t zero_point, int32_t min, int32_t max)
{
    const float lowest = (float)(min - zero_point);

    if (value >= (float)(max - zero_point)) {
        return max;
    }
    if (TK_IS_GREATER(value, lowest)) {
        return tk_round_small_even(value) + zero_point;
    }
    return value <= lowest ? min : zero_point;
}

/* clamp(round(value) + zero_point, min, max), for NaN zero_point. All three are at most 16 bits wide.
 * Clamped before it is rounded, which gives the same and keeps the conversion to an integer defined. */
static inline int32_t tk_round_to_code(float value, int32_t zero_point, int32_t min, int32_t max)
{
    const float lowest = (float)(min - zero_point);

    if (value >= (float)(max - zero_point)) {
        return max;
    }
    if (TK_IS_GREATER(value, lowest)) {
        return tk_round_small(value) + zero_point;
    }
    return value <= lowest ? min : zero_point;
}

#ifdef __cplusplus
}
#endif

#endif
