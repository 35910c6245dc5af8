/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINDOW_MAX_S16_H
#define TK_WINDOW_MAX_S16_H

#include "tk_fours.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of each channel, the greatest code in a window; window->pixel and window->row count elements. Aligned to 2. Aliasing: none. */
void tk_window_max_s16(const int16_t *x, int16_t *y, const tk_fours *window);

#ifdef __cplusplus
}
#endif

#endif
