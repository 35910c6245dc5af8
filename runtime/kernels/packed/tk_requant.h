/* SPDX-License-Identifier: Apache-2.0 */
/* Requantization constants in half the flash: what the kernels *_packed_s8 read. Internal.
 *
 * A multiplier lies in [2^30, 2^31): 30 bits say which. Where the shifts of a layer are shift .. shift + 3, the other two bits
 * of a word are the shift:
 *
 *     multiplier = words[c] >> 2 | 2^30        shift = shift + (words[c] & 3)
 *
 * Where they are not, words[c] is the multiplier, and shifts[c] its shift. With step 0, words[0] is that of all channels. A bias is low[c] + 2^16 * high[c], or without `high`
 * low[c]; without `low` it is bias[c], and without both 0. */
#ifndef TK_REQUANT_H
#define TK_REQUANT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tk_requant {
    const uint32_t *words;
    const int8_t *shifts; /* NULL: the words have them */
    const int16_t *low;
    const int8_t *high;
    const int32_t *bias;
    int32_t shift;
    int32_t step; /* 1, or 0 if all channels have one multiplier */
} tk_requant;

static inline int32_t tk_requant_multiplier(const tk_requant *q, int32_t c)
{
    return q->shifts != 0 ? (int32_t)q->words[c * q->step] : (int32_t)(q->words[c * q->step] >> 2 | UINT32_C(0x40000000));
}

static inline int32_t tk_requant_shift(const tk_requant *q, int32_t c)
{
    return q->shifts != 0 ? q->shifts[c * q->step] : q->shift + (int32_t)(q->words[c * q->step] & 3u);
}

static inline int32_t tk_requant_bias(const tk_requant *q, int32_t c)
{
    if (q->low != 0) {
        return q->high != 0 ? q->low[c] + (int32_t)q->high[c] * INT32_C(65536) : q->low[c];
    }
    return q->bias != 0 ? q->bias[c] : 0;
}

/* All three of a channel. */
typedef struct {
    int32_t multiplier;
    int32_t shift;
    int32_t bias;
} tk_requant_channel;

static inline tk_requant_channel tk_requant_of(const tk_requant *q, int32_t c)
{
    const uint32_t word = q->words[q->step != 0 ? c : 0];
    tk_requant_channel found = {(int32_t)(word >> 2 | UINT32_C(0x40000000)), q->shift + (int32_t)(word & 3u), 0};

    if (q->shifts != 0) {
        found.multiplier = (int32_t)word;
        found.shift = q->shifts[q->step != 0 ? c : 0];
    }
    found.bias = tk_requant_bias(q, c);
    return found;
}

#ifdef __cplusplus
}
#endif

#endif
