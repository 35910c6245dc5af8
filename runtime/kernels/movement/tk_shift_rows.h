/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_SHIFT_ROWS_H
#define TK_SHIFT_ROWS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A window over rows that come in: the last kept_bytes of y go to its start, x_bytes of x behind them.
 * y: kept_bytes + x_bytes. Aliasing: none. Scratch: none. Moves bytes: any element type. */
void tk_shift_rows(const void *x, void *y, int32_t kept_bytes, int32_t x_bytes);

#ifdef __cplusplus
}
#endif

#endif
