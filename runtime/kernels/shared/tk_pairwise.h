/* SPDX-License-Identifier: Apache-2.0 */
/* A function of two elements over a broadcast. Internal.
 *
 * `f` is a static inline function of the file that includes this one: it is compiled into the loop, nothing is called. */
#ifndef TK_PAIRWISE_H
#define TK_PAIRWISE_H

#include <stdint.h>

#include "tk_math.h"
#include "tk_shape.h"
#include "tk_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline void tk_pairwise_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape,
                                   float (*f)(float, float))
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const float *a = x1 + walk.offset1;
        const float *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = f(*a, *b);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

static inline void tk_pairwise_clamped_f32(const float *x1, const float *x2, float *y, const tk_broadcast *shape,
                                           tk_range_f32 range, float (*f)(float, float))
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const float *a = x1 + walk.offset1;
        const float *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = tk_limit_f32(f(*a, *b), range);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

/* The steps are copied: y points to characters, which might alias `shape`. */
static inline void tk_pairwise_s8(const int8_t *x1, const int8_t *x2, int8_t *y, const tk_broadcast *shape,
                                  int8_t (*f)(int8_t, int8_t))
{
    const int32_t last = shape->rank - 1;
    const int32_t n = shape->dims[last];
    const int32_t step1 = shape->stride1[last];
    const int32_t step2 = shape->stride2[last];
    tk_walk walk = tk_walk_start();

    do {
        const int8_t *a = x1 + walk.offset1;
        const int8_t *b = x2 + walk.offset2;

        for (int32_t i = n; i > 0; --i) {
            *y++ = f(*a, *b);
            a += step1;
            b += step2;
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

static inline void tk_pairwise_s16(const int16_t *x1, const int16_t *x2, int16_t *y, const tk_broadcast *shape,
                                   int16_t (*f)(int16_t, int16_t))
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int16_t *a = x1 + walk.offset1;
        const int16_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = f(*a, *b);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

static inline void tk_pairwise_s32(const int32_t *x1, const int32_t *x2, int32_t *y, const tk_broadcast *shape,
                                   int32_t (*f)(int32_t, int32_t))
{
    const int32_t last = shape->rank - 1;
    const int32_t n = shape->dims[last];
    const int32_t step1 = shape->stride1[last];
    const int32_t step2 = shape->stride2[last];
    tk_walk walk = tk_walk_start();

    do {
        const int32_t *a = x1 + walk.offset1;
        const int32_t *b = x2 + walk.offset2;

        for (int32_t i = n; i > 0; --i) {
            *y++ = f(*a, *b);
            a += step1;
            b += step2;
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

static inline void tk_pairwise_s64(const int64_t *x1, const int64_t *x2, int64_t *y, const tk_broadcast *shape,
                                   int64_t (*f)(int64_t, int64_t))
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();

    do {
        const int64_t *a = x1 + walk.offset1;
        const int64_t *b = x2 + walk.offset2;

        for (int32_t i = shape->dims[last]; i > 0; --i) {
            *y++ = f(*a, *b);
            a += shape->stride1[last];
            b += shape->stride2[last];
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

#ifdef __cplusplus
}
#endif

#endif
