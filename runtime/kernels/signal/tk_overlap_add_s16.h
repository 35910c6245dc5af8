/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_OVERLAP_ADD_S16_H
#define TK_OVERLAP_ADD_S16_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* SignalOverlapAdd of int16: a frame is added to what the ones before it reach into; the first `step` sums are done.
 * x: [streams, frames, size]; tail: [streams, size - step], 0 at first; y: [streams, frames, step]. 1 <= step <= size.
 * Every sum saturates.
 * Aliasing: none; tail is changed in place. Scratch: none. Exact: equals TFLM. */
void tk_overlap_add_s16(const int16_t *x, int16_t *tail, int16_t *y, int32_t streams, int32_t frames, int32_t size,
                        int32_t step);

#ifdef __cplusplus
}
#endif

#endif
