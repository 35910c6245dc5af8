/* SPDX-License-Identifier: Apache-2.0 */
/* Requantization with halves to the even neighbour, as ONNX has it. Internal. */
#ifndef TK_EVEN_H
#define TK_EVEN_H

#include <stdint.h>

#include "tk_shape.h"

#ifdef __cplusplus
extern "C" {
#endif

/* clamp(round(acc * multiplier * 2^(shift - 31)) + zero_point, min, max), the product exact, halves to even; with slack > 0, so is
 * what lies within 2^-slack of a half. 0 <= multiplier < 2^31, -31 <= shift <= 30, 0 <= slack <= 31; min, max and zero_point have
 * 16 bits. */
static inline int32_t tk_even_code(int32_t acc, int32_t multiplier, int32_t shift, int32_t slack, int32_t zero_point, int32_t min,
                                   int32_t max)
{
    const int32_t right = 31 - shift;
    const int64_t near = slack == 0 ? 0 : (int64_t)1 << (right > slack ? right - slack : 0);
    const int64_t product = (int64_t)acc * multiplier + ((int64_t)1 << (right - 1)) + near;
    const int64_t rest = (int64_t)((uint64_t)product & (((uint64_t)1 << right) - 1U));
    int64_t code = product >> right;

    if (rest <= 2 * near && code % 2 != 0) {
        --code;
    }
    code += zero_point;
    return code < min ? min : code > max ? max : (int32_t)code;
}

#ifdef __cplusplus
}
#endif

#endif
