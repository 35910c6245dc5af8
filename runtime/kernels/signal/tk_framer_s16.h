/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_FRAMER_S16_H
#define TK_FRAMER_S16_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    int32_t streams; /* each with a history of its own */
    int32_t frames;  /* of one call */
    int32_t step;    /* samples that a frame is later than the one before */
    int32_t size;    /* samples of a frame; size <= history + step */
    int32_t history; /* samples that are kept from one frame to the next, >= 0 */
} tk_framer_params;

/* Frames of streams, of SignalFramer and SignalDelay: a frame is the first `size` samples of the history with `step` new ones
 * behind it; then the last samples of both are the history.
 * x: [streams, frames * step]; history: [streams, history], 0 at first; y: [streams, frames, size].
 * *missing is how many frames are still to come before the first one; these are 0 in y, and *valid says that there was none.
 * Both pointers may be NULL: no frame is missing.
 * Aliasing: none; history and missing are changed in place. Scratch: none. Exact: equals TFLM. */
void tk_framer_s16(const int16_t *x, int16_t *history, int32_t *missing, int16_t *y, bool *valid,
                   const tk_framer_params *params);

#ifdef __cplusplus
}
#endif

#endif
