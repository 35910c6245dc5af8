/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic the kernels share: fixed-point rescaling as TensorFlow Lite Micro defines it, and clamping. Internal. */
#ifndef TK_MATH_H
#define TK_MATH_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* round(x * multiplier / 2^31), halves towards +infinity. 0 <= multiplier < 2^31, hence no saturation. */
static inline int32_t tk_high_multiply(int32_t x, int32_t multiplier)
{
    const int64_t half = (int64_t)1 << 30;

    return (int32_t)(((int64_t)x * multiplier + half) >> 31);
}

/* round(x / 2^right), halves away from zero. 0 <= right <= 31. */
static inline int32_t tk_rounding_shift(int32_t x, int32_t right)
{
    const int32_t mask = (int32_t)((UINT32_C(1) << right) - 1U);
    const int32_t threshold = (mask >> 1) + (x < 0);

    return (x >> right) + ((x & mask) > threshold);
}

/* x * multiplier * 2^(shift - 31), rounded twice. 0 <= multiplier < 2^31, -31 <= shift <= 30.
 * A left shift must not lose bits: |x| * 2^shift < 2^31; beyond that the result wraps, as the reference's does. */
static inline int32_t tk_requantize(int32_t x, int32_t multiplier, int32_t shift)
{
    const int32_t left = shift > 0 ? shift : 0;
    const int32_t right = shift > 0 ? 0 : -shift;
    const int32_t shifted = (int32_t)((uint32_t)x << left);

    return tk_rounding_shift(tk_high_multiply(shifted, multiplier), right);
}

/* x * multiplier * 2^(shift - 31), the multiplier first rounded to 15 bits, the product then once, halves towards
 * +infinity: what the reference does with 64-bit sums. 0 <= multiplier < 2^31, -31 <= shift <= 7. |x| < 2^47; beyond that the
 * product wraps, as the reference's does. */
static inline int32_t tk_requantize_s64(int64_t x, int32_t multiplier, int32_t shift)
{
    const int32_t reduced = multiplier < 0x7FFF0000 ? (multiplier + INT32_C(0x8000)) >> 16 : 0x7FFF;
    const int32_t right = 15 - shift;

    const uint64_t product = (uint64_t)x * (uint64_t)reduced + ((uint64_t)1 << (right - 1));

    return (int32_t)((int64_t)product >> right);
}

/* a + b modulo 2^32: what the reference's sums do where they overflow. */
static inline int32_t tk_wrapping_add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* a + b modulo 2^64: a sum and its bias. */
static inline int64_t tk_wrapping_add_s64(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a + (uint64_t)b);
}

static inline int32_t tk_limit_s32(int32_t value, int32_t min, int32_t max)
{
    const int32_t raised = value < min ? min : value;

    return raised > max ? max : raised;
}

static inline int16_t tk_limit_s16(int32_t value, int32_t min, int32_t max)
{
    return (int16_t)tk_limit_s32(value, min, max);
}

static inline int8_t tk_limit_s8(int32_t value, int32_t min, int32_t max)
{
    const int32_t raised = value < min ? min : value;

    return (int8_t)(raised > max ? max : raised);
}

/* The index nearest to `index` in a dimension of `size` >= 1 elements. */
static inline int32_t tk_limit_index(int32_t index, int32_t size)
{
    const int32_t raised = index < 0 ? 0 : index;

    return raised < size ? raised : size - 1;
}

/* NaN fails both comparisons and so stays NaN. */
static inline float tk_limit_f32(float value, tk_range_f32 range)
{
    const float raised = value < range.min ? range.min : value;

    return range.max < raised ? range.max : raised;
}

#ifdef __cplusplus
}
#endif

#endif
