/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_APPLY_WINDOW_S16_H
#define TK_APPLY_WINDOW_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalWindow: y[f][i] = limit((x[f][i] * weights[i]) >> shift), rounded downwards and limited to int16.
 * Layout: x, y [frames, size]; weights [size]. Ranges: 0 <= shift <= 31. Aliasing: y may be x. Scratch: none.
 * Exact: equals TensorFlow Lite Micro's kernel. */
void tk_apply_window_s16(const int16_t *x, const int16_t *weights, int16_t *y, int32_t frames, int32_t size,
                         int32_t shift);

#ifdef __cplusplus
}
#endif

#endif
