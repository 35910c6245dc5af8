/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINDOW_MAX_S8_H
#define TK_WINDOW_MAX_S8_H

#include "tk_fours.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of each channel, the greatest code in a window. Nothing need be aligned. Aliasing: none. */
void tk_window_max_s8(const int8_t *x, int8_t *y, const tk_fours *window);

#ifdef __cplusplus
}
#endif

#endif
