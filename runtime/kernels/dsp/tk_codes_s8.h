/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CODES_S8_H
#define TK_CODES_S8_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From sums to codes, rounded twice as TensorFlow Lite Micro does. bias: one of each sum. 0 <= multiplier. right: 1..31. */
typedef struct {
    const int32_t *bias;
    int32_t multiplier;
    int32_t right;
    int32_t offset;
    int32_t min;
    int32_t max;
} tk_codes;

/* For i < n, n at least 1:
 *
 *     y[i] = min(max(round(round((sums[i] + bias[i]) * multiplier / 2^31) / 2^right) + offset, min), max)
 *
 * sums[i] + bias[i] modulo 2^32; inner halves are rounded upwards, the outer ones away from zero; -128 <= min, max <= 127,
 * |offset| <= 2^15. Aliasing: none. Exact for all sums. */
void tk_codes_s8(const int32_t *sums, int32_t n, int8_t *y, const tk_codes *codes);

#ifdef __cplusplus
}
#endif

#endif
