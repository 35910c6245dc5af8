/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of a line buffer, moved to its start. */
#ifndef TK_MOVE_ROWS_H
#define TK_MOVE_ROWS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* to[i] = from[i], for `bytes` bytes. The two may overlap if `to` lies below `from`. */
void tk_move_rows(void *to, const void *from, int32_t bytes);

#ifdef __cplusplus
}
#endif

#endif
