/* SPDX-License-Identifier: Apache-2.0 */
/* How the C twins read packed weights and constants. Internal. */
#ifndef TK_MVE_STREAM_H
#define TK_MVE_STREAM_H

#include <stdint.h>

/* The little-endian word number `index`. */
static inline int32_t tk_mve_word(const int8_t *stream, int32_t index)
{
    const int8_t *bytes = stream + 4 * index;
    const uint32_t low = (uint32_t)(uint8_t)bytes[0] | (uint32_t)(uint8_t)bytes[1] << 8;
    const uint32_t high = (uint32_t)(uint8_t)bytes[2] | (uint32_t)(uint8_t)bytes[3] << 8;

    return (int32_t)(low | high << 16);
}

/* (acc * m + unit * c + 2^30) >> 31, saturated: VQRDMLADH. */
static inline int32_t tk_mve_linear(int32_t acc, int32_t m, int32_t unit, int32_t c)
{
    const int64_t high = ((int64_t)acc * m + (int64_t)unit * c + ((int64_t)1 << 30)) >> 31;

    return high > INT32_MAX ? INT32_MAX : high < INT32_MIN ? INT32_MIN : (int32_t)high;
}

/* x / 2^shift with halves upwards, saturated to 8 bits by way of 16. 0 <= shift <= 8. */
static inline int8_t tk_mve_narrow(int32_t x, int32_t shift)
{
    const int32_t low = x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x;
    const int32_t code = shift == 0 ? low : (low + ((int32_t)1 << (shift - 1))) >> shift;

    return (int8_t)(code > INT8_MAX ? INT8_MAX : code < INT8_MIN ? INT8_MIN : code);
}

/* a + b modulo 2^32. */
static inline int32_t tk_mve_wrapped(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* Rounded twice as TensorFlow Lite Micro does it: acc * m / 2^31, then / 2^e with halves away from zero. 0 <= e <= 31, 0 <= m. */
static inline int32_t tk_mve_requantized(int32_t acc, int32_t m, int32_t e)
{
    const int64_t high = ((int64_t)acc * m + ((int64_t)1 << 30)) >> 31;

    return (int32_t)(e == 0 ? high : (high - (high < 0) + ((int64_t)1 << (e - 1))) >> e);
}

/* Saturated to 16 bits. */
static inline int16_t tk_mve_wide(int32_t x)
{
    return (int16_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
}

/* tk_mve_requantized, then offset and clamp. */
static inline int8_t tk_mve_twice(int32_t acc, int32_t m, int32_t e, int32_t offset, int32_t min, int32_t max)
{
    const int32_t code = tk_mve_requantized(acc, m, e) + offset;

    return (int8_t)(code < min ? min : code > max ? max : code);
}

/* The products of one of `lanes` lanes: `blocks` are their weights, `window` has `depth` bytes. */
static inline int32_t tk_mve_lane(const int8_t *window, const int8_t *blocks, int32_t depth, int32_t lane, int32_t lanes)
{
    const int32_t steps = (depth + 15) / 16;
    const int32_t tail = depth - 16 * (steps - 1);
    int32_t acc = 0;

    for (int32_t i = 0; i < tail; ++i) {
        acc += window[16 * (steps - 1) + i] * blocks[16 * lane + i];
    }
    for (int32_t i = 0; i < depth - tail; ++i) {
        acc += window[i] * blocks[16 * (lanes * (1 + i / 16) + lane) + i % 16];
    }
    return acc;
}

/* y of lane 0..3 of a tile from its folded constants m0 c0 m2 c2 c1 m1 c3 m3. */
static inline int8_t tk_mve_folded(int32_t acc, const int8_t *constants, int32_t lane, int32_t unit, int32_t shift)
{
    const int32_t at = lane / 2 * 2 + lane % 2 * 5;
    const int32_t m = tk_mve_word(constants, at);
    const int32_t c = tk_mve_word(constants, at + 1 - lane % 2 * 2);

    return tk_mve_narrow(tk_mve_linear(acc, m, unit, c), shift);
}

#endif
