/* SPDX-License-Identifier: Apache-2.0 */
/* A sum becomes a code by packed constants. Internal. */
#ifndef TK_REQUANT_CODE_H
#define TK_REQUANT_CODE_H

#include "tk_math.h"
#include "tk_requant.h"

#ifdef __cplusplus
extern "C" {
#endif

/* output_offset: the output's zero point. -128 <= min <= max <= 127. */
typedef struct {
    int32_t output_offset;
    int32_t min;
    int32_t max;
} tk_requant_clamp;

static inline int8_t tk_requant_code(int32_t sum, int32_t multiplier, int32_t shift, const tk_requant_clamp *p)
{
    const int32_t y = tk_wrapping_add(tk_requantize(sum, multiplier, shift), p->output_offset);

    return (int8_t)(y < p->min ? p->min : y > p->max ? p->max : y);
}

#ifdef __cplusplus
}
#endif

#endif
