/* SPDX-License-Identifier: Apache-2.0 */
/* Two products in one long multiplication, for cores that accumulate 64 bits (SMLAL). Internal.
 *
 * The inputs a and b of two output pixels lie in one word, a + b * 2^23. Times a weight, and summed up over all inputs, it is
 * A + B * 2^23 in 64 bits, A and B the sums of the pixels. Beginning with 2^22, B is what lies above the lowest 23 bits, and A
 * what these are less 2^22, as long as |A| < 2^22. */
#ifndef TK_LONG_H
#define TK_LONG_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TK_LONG_START INT32_C(0x400000)

static inline int32_t tk_long_lower(int64_t sum)
{
    return (int32_t)((uint32_t)sum & 0x7fffffu) - TK_LONG_START;
}

static inline int32_t tk_long_upper(int64_t sum)
{
    return (int32_t)(sum >> 23);
}

#ifdef __cplusplus
}
#endif

#endif
