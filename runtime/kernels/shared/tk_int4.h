/* SPDX-License-Identifier: Apache-2.0 */
/* Packed int4: element 2i is the low half of byte i, element 2i + 1 the high one. Internal. */
#ifndef TK_INT4_H
#define TK_INT4_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

static inline int32_t tk_low_s4(int8_t pair)
{
    return (int32_t)((uint32_t)pair << 28) >> 28;
}

static inline int32_t tk_high_s4(int8_t pair)
{
    return pair >> 4;
}

/* Element i >= 0. */
static inline int32_t tk_element_s4(const int8_t *w, int32_t i)
{
    return (i & 1) != 0 ? tk_high_s4(w[i >> 1]) : tk_low_s4(w[i >> 1]);
}

#ifdef __cplusplus
}
#endif

#endif
