/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CURVE_H
#define TK_CURVE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A function of one code, by pieces that are quadratic: of `count` pieces, at least one, the one with the largest first code
 * starts[i] <= u holds, u being the code above the least one of its type.
 *
 *     y = clamp((a + ((b + (c * r >> p)) * r >> q)) >> 15) + move        r = u - starts[i]
 *
 * terms: a, b and c of each piece; shifts: p and q of each. starts[0] is 0, starts grow. clamp: to what the type of y holds, or
 * less. moved: the moved_count codes that move, growing, and moves by how much; others move by 0. */
typedef struct {
    const uint16_t *starts;
    const int32_t *terms;
    const uint8_t *shifts;
    const uint16_t *moved;
    const int8_t *moves;
    int32_t count;
    int32_t moved_count;
    int32_t min;
    int32_t max;
} tk_curve;

/* Internal: the number of the last of `count` growing numbers that is at most u; 0 if none is. */
static inline int32_t tk_curve_last(const uint16_t *numbers, int32_t count, int32_t u)
{
    int32_t found = 0;

    while (count > 1) {
        const int32_t half = count / 2;

        if (numbers[found + half] <= u) {
            found += half;
        }
        count -= half;
    }
    return found;
}

/* Internal. */
static inline int32_t tk_curve_at(const tk_curve *curve, int32_t u)
{
    const int32_t piece = tk_curve_last(curve->starts, curve->count, u);
    const int32_t *t = curve->terms + 3 * piece;
    const int64_t r = u - (int32_t)curve->starts[piece];
    const int64_t slope = t[1] + ((t[2] * r) >> curve->shifts[2 * piece]);
    const int64_t y = (t[0] + ((slope * r) >> curve->shifts[2 * piece + 1])) >> 15;
    const int32_t code = (int32_t)(y < curve->min ? curve->min : y > curve->max ? curve->max : y);

    if (curve->moved_count > 0) {
        const int32_t move = tk_curve_last(curve->moved, curve->moved_count, u);

        return curve->moved[move] == u ? code + curve->moves[move] : code;
    }
    return code;
}

#ifdef __cplusplus
}
#endif

#endif
