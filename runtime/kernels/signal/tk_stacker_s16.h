/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_STACKER_S16_H
#define TK_STACKER_S16_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t channels; /* of a frame */
    int32_t history;  /* frames that are kept: those of y but the newest, >= 0 */
    int32_t right;    /* calls after the first one until y is valid, >= 0 */
    int32_t step;     /* calls from one valid y to the next, >= 1 */
} tk_stacker_params;

/* SignalStacker: y is the last frames, side by side, the newest last, every `step` calls; the first frame stands for all
 * before it. In between y stays as it is and *valid is false.
 * x: [channels]; history: [history, channels]; y: [history + 1, channels], which must survive from call to call.
 * *wait is how many calls are still to come before a valid one; -1 at first.
 * Aliasing: none; history and wait are changed in place. Scratch: none. Exact: equals TFLM. */
void tk_stacker_s16(const int16_t *x, int16_t *history, int32_t *wait, int16_t *y, bool *valid,
                    const tk_stacker_params *params);

#ifdef __cplusplus
}
#endif

#endif
