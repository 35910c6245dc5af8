/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TK_CONV_NEAR_S8_H
#define TK_CONV_NEAR_S8_H

#include "tk_near.h"

#ifndef __ASSEMBLER__

#ifdef __cplusplus
extern "C" {
#endif

/* Two pixels times all channels (tk_near.h). The first window begins `first` bytes from where `rows` point. y[i * pitch + c],
 * i = 0, 1; with two equal pixels `apart` and `pitch` may be 0. Aliasing: none. */
void tk_conv_near_s8(const int8_t *const *rows, int32_t first, int8_t *y, const tk_near *near);

#ifdef __cplusplus
}
#endif

#endif

#endif
