/* SPDX-License-Identifier: Apache-2.0 */
/* Requantization with halves to the even neighbour, as ONNX has it. Internal. */
#ifndef TK_EVEN_H
#define TK_EVEN_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* round(x * 2^-right), halves to even. |x| < 2^62, 1 <= right <= 62. */
static inline int64_t tk_round_even(int64_t x, int32_t right)
{
    const int64_t raised = x + ((int64_t)1 << (right - 1));
    const int64_t code = raised >> right;
    const bool half = ((uint64_t)raised & (((uint64_t)1 << right) - 1U)) == 0;

    return half && code % 2 != 0 ? code - 1 : code;
}

/* The same of x * 2^-right as float32 has it: what lies within half a unit in the last place of a half is one. */
static inline int64_t tk_round_single(int64_t x, int32_t right)
{
    const uint64_t size = x < 0 ? (uint64_t)0 - (uint64_t)x : (uint64_t)x;
    const uint64_t half = (uint64_t)1 << (right - 1);
    const uint64_t rest = size & (2U * half - 1U);
    const uint64_t apart = rest > half ? rest - half : half - rest;
    uint64_t code = size >> right;
    int32_t bits = code != 0 ? 24 : rest >= half ? 25 : 26;

    for (uint64_t rising = code; rising > 1; rising >>= 1) {
        --bits;
    }
    if (apart <= (right >= bits ? (uint64_t)1 << (right - bits) : 0)) {
        code += code % 2;
    } else {
        code += rest > half;
    }
    return x < 0 ? -(int64_t)code : (int64_t)code;
}

/* clamp(x * 2^-right rounded + zero_point, min, max). |x| < 2^62; min, max and zero_point have 16 bits. */
static inline int32_t tk_even_limit(int64_t x, int32_t right, bool single, int32_t zero_point, int32_t min, int32_t max)
{
    const int64_t code = (single ? tk_round_single(x, right) : tk_round_even(x, right)) + zero_point;

    return code < min ? min : code > max ? max : (int32_t)code;
}

/* clamp((acc * multiplier + rest) * 2^(shift - 31) rounded + zero_point, min, max), the product exact: one bit stands for all
 * that is below the upper 47. |acc| < 2^46, 0 <= multiplier < 2^31, -31 <= shift <= 14; min, max and zero_point have 16 bits. */
static inline int32_t tk_even_long(int64_t acc, int32_t multiplier, int32_t rest, int32_t shift, int32_t zero_point, int32_t min,
                                   int32_t max)
{
    const int64_t low = (int64_t)((uint64_t)acc & 0xFFFFU) * multiplier + rest;
    const int64_t high = (acc >> 16) * multiplier + (low >> 16);
    const int64_t below = ((uint64_t)low & 0xFFFFU) != 0 ? 1 : 0;

    return tk_even_limit(2 * high + below, 16 - shift, false, zero_point, min, max);
}

/* clamp(acc * multiplier * 2^(shift - 31) rounded + zero_point, min, max). 0 <= multiplier < 2^31, -31 <= shift <= 30. */
static inline int32_t tk_even_code(int32_t acc, int32_t multiplier, int32_t shift, bool single, int32_t zero_point, int32_t min,
                                   int32_t max)
{
    return tk_even_limit((int64_t)acc * multiplier, 31 - shift, single, zero_point, min, max);
}

/* Of two operands. multipliers: factors of 2^-right; single: see tk_round_single; offsets: minus the zero points; min and max: the clamp of the codes. */
typedef struct {
    int32_t input1_offset;
    int32_t input2_offset;
    int32_t multiplier1;
    int32_t multiplier2;
    int32_t right;
    int32_t single;
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_even_sum;

#ifdef __cplusplus
}
#endif

#endif
