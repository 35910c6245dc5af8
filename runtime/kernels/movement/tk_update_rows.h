/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_UPDATE_ROWS_H
#define TK_UPDATE_ROWS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What an update does to an element. */
typedef enum {
    TK_UPDATE_PUT = 0,
    TK_UPDATE_ADD = 1,
    TK_UPDATE_MUL = 2,
    TK_UPDATE_MAX = 3,
    TK_UPDATE_MIN = 4,
    TK_UPDATE_GREATER = 5, /* the maximum and the minimum of float32 where NaN is passed over */
    TK_UPDATE_LESS = 6
} tk_update;

/* ScatterND, ScatterElements: y = x, then row indices[i] of y is replaced by, or combined with, row i of updates, in turn.
 * x and y: [rows, size]; updates: [count, size]. type: a tk_type; all but TK_UPDATE_PUT take TK_F32, TK_S32 and TK_S64 alone,
 * integers wrap. Indices outside y are left out. NaN: the maximum and the minimum with it are it.
 * Aliasing: y may be x itself; no other overlap. Scratch: none. Exact. */
void tk_update_rows(const void *x, const int32_t *indices, const void *updates, void *y, int32_t rows, int32_t size,
                    int32_t count, int32_t type, int32_t update);

#ifdef __cplusplus
}
#endif

#endif
