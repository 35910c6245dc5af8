/* SPDX-License-Identifier: Apache-2.0 */
/* What follows the sums of convolutions of int16. Internal. */
#ifndef TK_CONV_RESCALE_S16_H
#define TK_CONV_RESCALE_S16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tk_math.h"

#ifdef __cplusplus
extern "C" {
#endif

/* bias: int64, or int32 where the sums are `narrow`, or NULL. */
static inline int32_t tk_conv_rescale_s16(int64_t sum, const void *bias, int32_t channel, int32_t multiplier,
                                          int32_t shift, bool narrow)
{
    if (narrow) {
        const int64_t total = sum + (bias != NULL ? ((const int32_t *)bias)[channel] : 0);

        return tk_requantize((int32_t)total, multiplier, shift);
    }
    return tk_requantize_s64(tk_wrapping_add_s64(sum, bias != NULL ? ((const int64_t *)bias)[channel] : 0), multiplier, shift);
}

#ifdef __cplusplus
}
#endif

#endif
