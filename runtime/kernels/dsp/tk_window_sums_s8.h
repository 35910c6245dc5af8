/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_WINDOW_SUMS_S8_H
#define TK_WINDOW_SUMS_S8_H

#include "tk_fours.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Of each channel, the sum over a window of at most 256 pixels, as halfwords (never outside of int16): for every four channels a
 * word of the channels 0 and 2, and one of 1 and 3. x need not be aligned. Aliasing: none. */
void tk_window_sums_s8(const int8_t *x, uint32_t *sums, const tk_fours *window);

#ifdef __cplusplus
}
#endif

#endif
