/* SPDX-License-Identifier: Apache-2.0 */
/* Elements of a type that is known when a kernel runs: a tk_type. Internal. */
#ifndef TK_ELEMENT_H
#define TK_ELEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "tk_type.h"

#ifdef __cplusplus
extern "C" {
#endif

static inline int64_t tk_load_integer(const void *x, int32_t i, int32_t type)
{
    switch (type) {
    case TK_S8:
        return ((const int8_t *)x)[i];
    case TK_S16:
        return ((const int16_t *)x)[i];
    case TK_U16:
        return ((const uint16_t *)x)[i];
    case TK_S32:
        return ((const int32_t *)x)[i];
    case TK_U32:
        return ((const uint32_t *)x)[i];
    case TK_S64:
        return ((const int64_t *)x)[i];
    default:
        return ((const uint8_t *)x)[i];
    }
}

/* Modulo the width of the type. */
static inline void tk_store_integer(void *y, int32_t i, int32_t type, int64_t value)
{
    switch (type) {
    case TK_BOOL:
        ((bool *)y)[i] = value != 0;
        break;
    case TK_S16:
    case TK_U16:
        ((uint16_t *)y)[i] = (uint16_t)value;
        break;
    case TK_S32:
    case TK_U32:
        ((uint32_t *)y)[i] = (uint32_t)value;
        break;
    case TK_S64:
        ((int64_t *)y)[i] = value;
        break;
    default:
        ((uint8_t *)y)[i] = (uint8_t)value;
        break;
    }
}

#ifdef __cplusplus
}
#endif

#endif
