/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_RESCALE_S16_H
#define TK_RESCALE_S16_H

#include "tk_dsp.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From sums to 16 bits, rounded twice as TensorFlow Lite Micro does. up: 1..8. right: 0..31; half: 2^(right - 1), 0 if right is 0;
 * below: -1, 0 if right is 0. 0 <= multiplier. */
typedef struct {
    int32_t multiplier;
    int32_t up;
    int32_t below;
    int32_t half;
    int32_t right;
} tk_scale_s16;

/* For i < n, n a multiple of 4 and not 0:
 *
 *     s    = (v[i] * 2^up * multiplier + 2^31) >> 32
 *     v[i] = SAT16((s + (s < 0 ? below : 0) + half) >> right)
 *
 * Ranges: v * 2^up fits into 32 bits, s + half too. Aliasing: in place. Exact: that is SAT16(round(round(v * 2^(up - 1) *
 * multiplier / 2^31) / 2^right)), the inner halves upwards, the outer ones away from zero. */
void tk_rescale_s16(int32_t *v, int32_t n, const tk_scale_s16 *scale);

#ifdef __cplusplus
}
#endif

#endif
