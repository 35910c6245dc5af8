/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WIDEN_ROW_H
#define TK_WIDEN_ROW_H

#include <string.h>

#include "tk_widen_s8.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A row of any number of inputs as halfwords (tk_widen_s8), zeros up to a multiple of 4 of them. Returns the sum of the inputs.
 * Internal. */
static inline int32_t tk_widen_row(const int8_t *x, int32_t inputs, uint32_t *out)
{
    const int32_t whole = inputs / 4 * 4;
    int32_t sum = whole > 0 ? tk_widen_s8(x, whole, out) : 0;

    if (whole < inputs) {
        int8_t tail[4] = {0};

        memcpy(tail, x + whole, (size_t)(inputs - whole));
        sum += tk_widen_s8(tail, 4, out + whole / 2);
    }
    return sum;
}

#ifdef __cplusplus
}
#endif

#endif
