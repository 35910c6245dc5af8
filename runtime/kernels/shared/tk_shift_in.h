/* SPDX-License-Identifier: Apache-2.0 */
/* The newest samples of a stream. Internal. */
#ifndef TK_SHIFT_IN_H
#define TK_SHIFT_IN_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The last `length` bytes of `history` followed by `count` bytes of `new` become `history`. */
static inline void tk_shift_in(void *history, int32_t length, const void *new_bytes, int32_t count)
{
    const int32_t kept = length > count ? length - count : 0;
    uint8_t *const to = (uint8_t *)history;
    const uint8_t *const from = (const uint8_t *)new_bytes;

    if (kept > 0) {
        memmove(to, to + (length - kept), (size_t)kept);
    }
    if (length > kept) {
        memcpy(to + kept, from + (count - (length - kept)), (size_t)(length - kept));
    }
}

#ifdef __cplusplus
}
#endif

#endif
