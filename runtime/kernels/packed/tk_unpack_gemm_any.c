/* SPDX-License-Identifier: Apache-2.0 */
#include "tk_unpack_gemm_any.h"

static inline void unpack(int32_t multiplier, int32_t right, int32_t output_offset, uint32_t *to)
{
    to[0] = (uint32_t)multiplier;
    to[1] = ((uint32_t)output_offset << (right + 7)) + (UINT32_C(64) << right) + 64u;
    to[2] = (uint32_t)INT32_C(-128);
    to[3] = (uint32_t)right + 7u;
}

void tk_unpack_gemm_any(const tk_requant *restrict packed, int32_t first, int32_t count, int32_t output_offset, uint32_t *restrict to)
{
    const uint32_t *const words = packed->words;
    const int32_t right = -packed->shift;

    if (packed->shifts == 0 && packed->step == 1) {
        for (int32_t c = first; c < first + count; ++c, to += 4) {
            unpack((int32_t)(words[c] >> 2 | UINT32_C(0x40000000)), right - (int32_t)(words[c] & 3u), output_offset, to);
        }
    } else {
        for (int32_t c = first; c < first + count; ++c, to += 4) {
            unpack(tk_requant_multiplier(packed, c), -tk_requant_shift(packed, c), output_offset, to);
        }
    }
}
