/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_TYPE_H
#define TK_TYPE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Element types, for the kernels that take them as an argument. A bool is one byte, 0 or 1. */
typedef enum {
    TK_BOOL = 0,
    TK_S8 = 1,
    TK_U8 = 2,
    TK_S16 = 3,
    TK_S32 = 4,
    TK_S64 = 5,
    TK_F32 = 6,
    TK_U32 = 7,
    TK_U16 = 8
} tk_type;

#ifdef __cplusplus
}
#endif

#endif
