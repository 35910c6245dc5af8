/* SPDX-License-Identifier: Apache-2.0 */
/* Functions of the bits of two integers, of whichever type, over a broadcast. Internal. */
#ifndef TK_BITWISE_H
#define TK_BITWISE_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_shape.h"
#include "tk_type.h"
#include "tk_walk.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline bool tk_bitwise_signed(int32_t type)
{
    return type == TK_S8 || type == TK_S16 || type == TK_S32;
}

static inline uint32_t tk_bitwise_bits(int32_t type)
{
    switch (type) {
    case TK_S8:
    case TK_U8:
        return 8;
    case TK_S16:
    case TK_U16:
        return 16;
    default:
        return 32;
    }
}

/* Element i in 32 bits, its sign copied. */
static inline uint32_t tk_bitwise_load(const void *x, int32_t i, int32_t type)
{
    switch (type) {
    case TK_S8:
        return (uint32_t)(int32_t)((const int8_t *)x)[i];
    case TK_U8:
        return ((const uint8_t *)x)[i];
    case TK_S16:
        return (uint32_t)(int32_t)((const int16_t *)x)[i];
    case TK_U16:
        return ((const uint16_t *)x)[i];
    default:
        return ((const uint32_t *)x)[i];
    }
}

/* The low bits of `value`. */
static inline void tk_bitwise_store(void *y, int32_t i, int32_t type, uint32_t value)
{
    switch (tk_bitwise_bits(type)) {
    case 8:
        ((uint8_t *)y)[i] = (uint8_t)value;
        break;
    case 16:
        ((uint16_t *)y)[i] = (uint16_t)value;
        break;
    default:
        ((uint32_t *)y)[i] = value;
        break;
    }
}

static inline void tk_bitwise(const void *x1, const void *x2, void *y, const tk_broadcast *shape, int32_t type,
                              uint32_t (*f)(uint32_t, uint32_t, int32_t))
{
    const int32_t last = shape->rank - 1;
    tk_walk walk = tk_walk_start();
    int32_t to = 0;

    do {
        for (int32_t i = 0; i < shape->dims[last]; ++i) {
            const uint32_t a = tk_bitwise_load(x1, walk.offset1 + i * shape->stride1[last], type);
            const uint32_t b = tk_bitwise_load(x2, walk.offset2 + i * shape->stride2[last], type);

            tk_bitwise_store(y, to++, type, f(a, b, type));
        }
    } while (tk_walk_next(&walk, shape->rank, shape->dims, shape->stride1, shape->stride2));
}

#ifdef __cplusplus
}
#endif

#endif
