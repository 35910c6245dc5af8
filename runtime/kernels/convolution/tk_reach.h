/* SPDX-License-Identifier: Apache-2.0 */
/* Which inputs reach an output of a transposed convolution, along one axis. Internal. */
#ifndef TK_REACH_H
#define TK_REACH_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Inputs first .. first + count - 1: the first through `tap` of the kernel, each one through a tap `stride` before that of
 * its predecessor. Of an empty reach all are 0. */
typedef struct {
    int32_t first;
    int32_t count;
    int32_t tap;
} tk_reach;

/* Input i adds to the outputs i * stride - pad + tap, 0 <= tap < taps. stride, taps, size >= 1; output, pad >= 0. */
static inline tk_reach tk_reach_of(int32_t output, int32_t pad, int32_t stride, int32_t taps, int32_t size)
{
    const int32_t position = output + pad;
    const int32_t lowest = position - taps + 1;
    const int32_t first = lowest > 0 ? (lowest - 1) / stride + 1 : 0;
    const int32_t last = position / stride < size ? position / stride : size - 1;
    tk_reach reach = {0, 0, 0};

    if (first <= last) {
        reach.first = first;
        reach.count = last - first + 1;
        reach.tap = position - first * stride;
    }
    return reach;
}

#ifdef __cplusplus
}
#endif

#endif
