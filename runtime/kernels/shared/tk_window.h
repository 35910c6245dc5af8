/* SPDX-License-Identifier: Apache-2.0 */
/* Which taps of a sliding window fall inside the input, along one axis. Internal. */
#ifndef TK_WINDOW_H
#define TK_WINDOW_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The taps begin .. begin + count - 1 read the input, starting at position `first`. count may be 0. */
typedef struct {
    int32_t begin;
    int32_t count;
    int32_t first;
} tk_window;

/* `taps` taps, `dilation` apart, the first at `origin` (negative in the padding), over `size` input positions. */
static inline tk_window tk_window_clip(int32_t origin, int32_t dilation, int32_t taps, int32_t size)
{
    const int32_t begin = origin < 0 ? (dilation - 1 - origin) / dilation : 0;
    const int32_t inside = origin < size ? (size - 1 - origin) / dilation + 1 : 0;
    const int32_t end = inside < taps ? inside : taps;
    const tk_window window = {begin, end > begin ? end - begin : 0, origin + begin * dilation};

    return window;
}

#ifdef __cplusplus
}
#endif

#endif
