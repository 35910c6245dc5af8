/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_MVE_COLUMNS_S8_H
#define TK_MVE_COLUMNS_S8_H

#include "tk_mve_gemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a convolution's windows are cut from: `rows` kernel rows of columns of `bytes` bytes (the channels).
 *
 * apart: bytes in x from one column to the next that is taken.  group: how many columns of at most 8 bytes go at once, 0 for one
 * at a time; then apart == bytes, group * bytes <= 16, and spread[i] is where byte i of a group goes: i / bytes * rows * bytes
 * + i % bytes, at most 255. */
typedef struct {
    int32_t rows;
    int32_t bytes;
    int32_t apart;
    int32_t group;
    const uint8_t *spread;
    int32_t zero_point;
} tk_mve_columns;

/* A run of pixels of a row, whose windows lie in one row of columns: `left` columns of padding, `columns` from byte x of the rows
 * on, `right` of padding; the pixels' results are `pixels` many from byte y of the output row on. */
enum { TK_MVE_RUN_X, TK_MVE_RUN_LEFT, TK_MVE_RUN_COLUMNS, TK_MVE_RUN_RIGHT, TK_MVE_RUN_Y, TK_MVE_RUN_PIXELS, TK_MVE_RUN_WORDS };

/* Input rows to a row of columns, so that every window of a convolution is contiguous and no byte is copied twice.
 *
 *     y[j][r][i] = x[r][run.x + (j - left) * apart + i]  for left <= j < left + columns, zero_point in the padding
 *
 * Layout: run as above; x `rows` pointers; y [left + columns + right][rows][bytes]. Aliasing: none. Scratch: none; 32 bytes of stack. */
void tk_mve_columns_s8(const int8_t *const *x, int8_t *y, const int32_t *run, const tk_mve_columns *layer);

#ifdef __cplusplus
}
#endif

#endif
